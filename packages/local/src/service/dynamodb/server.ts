// The embedded DynamoDB: tables, items and indexes on the cloud's SQLite file.
import type { Kernel, Service } from "../../kernel/service.ts";
import { accessOf } from "./access.ts";
import type { Database } from "./database.ts";
import { openExpiry } from "./expiry.ts";
import { batchGetItem, batchWriteItem } from "./operation/batch.ts";
import { deleteItem, getItem, putItem, updateItem } from "./operation/item.ts";
import {
  describeContinuousBackups,
  describeEndpoints,
  describeLimits,
  listTagsOfResource,
  tagResource,
  untagResource,
} from "./operation/other.ts";
import { query, scan } from "./operation/query.ts";
import { createTable, deleteTable, describeTable, listTables, updateTable } from "./operation/table.ts";
import { transactGetItems, transactWriteItems } from "./operation/transact.ts";
import { describeTimeToLive, updateTimeToLive } from "./operation/ttl.ts";
import { groupCommits } from "./group-commit.ts";
import { openItems, type Items } from "./storage/items.ts";
import { schema } from "./storage/schema.ts";
import { openTables } from "./storage/tables.ts";

type Operations = Record<string, (database: Database, input: any) => unknown>;

/** These validate before their first write, so they can share a transaction. */
const writes: Operations = {
  BatchWriteItem: batchWriteItem,
  DeleteItem: deleteItem,
  PutItem: putItem,
  TransactWriteItems: transactWriteItems,
  UpdateItem: updateItem,
};

const others: Operations = {
  BatchGetItem: batchGetItem,
  CreateTable: createTable,
  DeleteTable: deleteTable,
  DescribeContinuousBackups: describeContinuousBackups,
  DescribeEndpoints: describeEndpoints,
  DescribeLimits: describeLimits,
  DescribeTable: describeTable,
  DescribeTimeToLive: describeTimeToLive,
  GetItem: getItem,
  ListTables: listTables,
  ListTagsOfResource: listTagsOfResource,
  Query: query,
  Scan: scan,
  TagResource: tagResource,
  TransactGetItems: transactGetItems,
  UntagResource: untagResource,
  UpdateTable: updateTable,
  UpdateTimeToLive: updateTimeToLive,
};

export function openDatabase(kernel: Kernel): { database: Database; stop: () => void } {
  const { store, clock, cloud, fault } = kernel;
  store.define(schema);
  const tables = openTables(store);
  const expiry = openExpiry(store, clock, tables, () => items);
  const items: Items = openItems(store, expiry.schedule);
  return {
    database: { store, clock, cloud, fault, tables, items, rescheduleExpiry: expiry.reschedule },
    stop: expiry.stop,
  };
}

export function createService(kernel: Kernel, { database, stop }: ReturnType<typeof openDatabase>): Service {
  const group = groupCommits(database.store);
  const bound = (operations: Operations, call: (work: () => unknown) => unknown) =>
    Object.entries(operations).map(([name, run]) => [
      name,
      (input: unknown) => call(() => run(database, input)),
    ]);
  return {
    operations: Object.fromEntries([...bound(writes, group), ...bound(others, (work) => work())]),
    access: (operation, input) => accessOf(kernel.cloud, operation, input),
    resume: () => database.rescheduleExpiry(),
    stop: async () => stop(),
  };
}
