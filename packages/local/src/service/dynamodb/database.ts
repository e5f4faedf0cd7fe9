// What the operations share.
import type { Clock } from "../../kernel/clock.ts";
import { arnOf } from "../../kernel/names.ts";
import type { Fault, CloudContext } from "../../kernel/service.ts";
import type { Store } from "../../kernel/store.ts";
import type { Items } from "./storage/items.ts";
import type { Tables } from "./storage/tables.ts";

export interface Database {
  store: Store;
  tables: Tables;
  items: Items;
  clock: Clock;
  cloud: CloudContext;
  fault(point: string, about: Record<string, string>): Fault | undefined;
  /** Call when a table's TTL attribute changes. */
  rescheduleExpiry(): void;
}

export const tableArn = (cloud: CloudContext, name: string) => arnOf(cloud, "dynamodb", `table/${name}`);
