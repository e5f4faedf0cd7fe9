// BatchGetItem and BatchWriteItem: many items without a transaction; items beyond the limits are returned unprocessed.
import type {
  BatchGetItemCommandInput,
  BatchWriteItemCommandInput,
  KeysAndAttributes,
  WriteRequest,
} from "@aws-sdk/client-dynamodb";
import { sumUse, consumed, readUnits, writeUse, type CapacityUse } from "../capacity.ts";
import type { Database } from "../database.ts";
import { constraint, invalid } from "../error.ts";
import { MAX_BATCH_GET_BYTES, MAX_BATCH_GET_KEYS, MAX_BATCH_WRITES } from "../limits.ts";
import { readKey } from "../storage/key.ts";
import { itemSize } from "../value/size.ts";
import { readItem, type Item } from "../value/value.ts";
import { checkMembers, oneOf, reports, required } from "./input.ts";
import { readProjection } from "./read.ts";
import { itemIdentity, planChange, readDelete, readPut } from "./write.ts";

export function batchGetItem(database: Database, input: BatchGetItemCommandInput) {
  checkMembers("BatchGetItem", input, ["RequestItems", "ReturnConsumedCapacity"]);
  const report = oneOf(input.ReturnConsumedCapacity, "ReturnConsumedCapacity", reports);
  const requests = Object.entries(required(input.RequestItems, "RequestItems"));
  checkCount(requests.map(([, { Keys }]) => required(Keys, "Keys").length));
  const wanted = requests.map(([name, request]) => readKeys(database, name, request));
  let bytes = 0;
  const responses: Record<string, Item[]> = {};
  const unprocessed: Record<string, KeysAndAttributes> = {};
  const capacity = wanted.map(({ name, request, table, keys, project }) => {
    const uses: CapacityUse[] = [];
    responses[name] = [];
    const remaining = request.Keys!.filter((_, i) => {
      if (bytes >= MAX_BATCH_GET_BYTES || isLeftUnprocessed(database, table.name)) return true;
      const item = database.items.read(table, keys[i]!);
      const size = item ? itemSize(item) : 0;
      bytes += size;
      uses.push({ table: readUnits(size, request.ConsistentRead), indexes: {} });
      if (item) responses[name]!.push(project(item));
      return false;
    });
    if (remaining.length > 0) unprocessed[name] = { ...request, Keys: remaining };
    return consumed(report, table, () => sumUse(uses));
  });
  return {
    Responses: responses,
    UnprocessedKeys: unprocessed,
    ConsumedCapacity: report && report !== "NONE" ? capacity : undefined,
  };
}

function checkCount(counts: number[]) {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total > MAX_BATCH_GET_KEYS) throw invalid("Too many items requested for the BatchGetItem call");
  if (counts.length > 0 && counts.every((count) => count > 0)) return;
  throw constraint("{}", "requestItems", "Member must have length greater than or equal to 1");
}

function readKeys({ tables }: Database, name: string, request: KeysAndAttributes) {
  checkMembers("BatchGetItem", request, [
    "Keys",
    "ConsistentRead",
    "ProjectionExpression",
    "ExpressionAttributeNames",
  ]);
  const project = readProjection(request);
  const table = tables.get(name);
  const keys = request.Keys!.map((key) => readKey(table, readItem(key)));
  if (new Set(keys.map((key) => itemIdentity({ table, key }))).size < keys.length) {
    throw invalid("Provided list of item keys contains duplicates");
  }
  return { name, request, table, keys, project };
}

export function batchWriteItem(database: Database, input: BatchWriteItemCommandInput) {
  checkMembers("BatchWriteItem", input, ["RequestItems", "ReturnConsumedCapacity"]);
  const report = oneOf(input.ReturnConsumedCapacity, "ReturnConsumedCapacity", reports);
  const requests = Object.entries(required(input.RequestItems, "RequestItems"));
  const count = requests.flatMap(([, writes]) => writes).length;
  if (count > MAX_BATCH_WRITES) throw invalid("Too many items requested for the BatchWriteItem call");
  if (requests.length === 0 || requests.some(([, writes]) => writes.length === 0)) {
    throw constraint("{}", "requestItems", "Member must have length greater than or equal to 1");
  }
  const batches = requests.map(([name, writes]) => readWrites(database, name, writes));
  const unprocessed: Record<string, WriteRequest[]> = {};
  const capacity = database.store.tx(() =>
    batches.map(({ name, table, writes }) => {
      const uses: CapacityUse[] = [];
      for (const { request, write } of writes) {
        if (isLeftUnprocessed(database, table.name)) {
          (unprocessed[name] ??= []).push(request);
          continue;
        }
        const change = planChange(database, write);
        database.items.write(table, change);
        if (report) uses.push(writeUse(table, change));
      }
      return consumed(report, table, () => sumUse(uses));
    }),
  );
  return {
    UnprocessedItems: unprocessed,
    ConsumedCapacity: report && report !== "NONE" ? capacity : undefined,
  };
}

function readWrites({ tables }: Database, name: string, requests: WriteRequest[]) {
  const unbound = requests.map((request) => {
    const { PutRequest, DeleteRequest } = request;
    if (PutRequest && DeleteRequest) {
      throw invalid("Supplied WriteRequest has more than one request set, must contain exactly one");
    }
    if (PutRequest) return readPut({ TableName: name, Item: PutRequest.Item });
    if (DeleteRequest) return readDelete({ TableName: name, Key: DeleteRequest.Key });
    throw invalid("Supplied WriteRequest is empty, must contain exactly one of PutRequest or DeleteRequest");
  });
  const table = tables.get(name);
  const writes = unbound.map((write, i) => ({ request: requests[i]!, write: write.bind(table) }));
  if (new Set(writes.map(({ write }) => itemIdentity(write))).size < writes.length) {
    throw invalid("Provided list of item keys contains duplicates");
  }
  return { name, table, writes };
}

/** Fault rules can leave items of a batch unprocessed, as AWS does under load. */
const isLeftUnprocessed = (database: Database, TableName: string) =>
  database.fault("dynamodb:unprocessed", { TableName })?.kind === "error";
