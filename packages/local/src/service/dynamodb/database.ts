// What the operations share.
import type { Clock } from "../../kernel/clock.ts";
import type { Fault, Place } from "../../kernel/service.ts";
import type { Store } from "../../kernel/store.ts";
import type { Items } from "./storage/items.ts";
import type { Tables } from "./storage/tables.ts";

export interface Database {
  store: Store;
  tables: Tables;
  items: Items;
  clock: Clock;
  place: Place;
  fault(point: string, about: Record<string, string>): Fault | undefined;
  /** Looks again when the next item expires; call when a table's TTL changes. */
  watchExpiry(): void;
}

export const tableArn = ({ partition, region, account }: Place, name: string) =>
  `arn:${partition}:dynamodb:${region}:${account}:table/${name}`;
