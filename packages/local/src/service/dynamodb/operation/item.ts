// PutItem, GetItem, UpdateItem and DeleteItem.
import type {
  DeleteItemCommandInput,
  GetItemCommandInput,
  PutItemCommandInput,
  UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { consumed, readUnits, writeUse } from "../capacity.ts";
import type { Database } from "../database.ts";
import { invalid } from "../error.ts";
import { projector } from "../expression/projection.ts";
import type { Change } from "../storage/items.ts";
import { readKey } from "../storage/key.ts";
import { itemSize } from "../value/size.ts";
import { readItem, type Item } from "../value/value.ts";
import { checkMembers, oneOf, reports, required } from "./input.ts";
import { readProjection } from "./read.ts";
import { executeWrite, readDelete, readPut, readUpdate, type UnboundWrite, type Write } from "./write.ts";

const conditional = [
  "TableName",
  "ConditionExpression",
  "ExpressionAttributeNames",
  "ExpressionAttributeValues",
  "ReturnValues",
  "ReturnValuesOnConditionCheckFailure",
  "ReturnConsumedCapacity",
];
const returns = ["ALL_NEW", "UPDATED_OLD", "ALL_OLD", "NONE", "UPDATED_NEW"] as const;

export function putItem(database: Database, input: PutItemCommandInput) {
  checkMembers("PutItem", input, [...conditional, "Item"]);
  return writeReturningOld(database, input, readPut(checkReturns(input)));
}

export function deleteItem(database: Database, input: DeleteItemCommandInput) {
  checkMembers("DeleteItem", input, [...conditional, "Key"]);
  return writeReturningOld(database, input, readDelete(checkReturns(input)));
}

type Returning = Pick<PutItemCommandInput, "ReturnValues" | "ReturnConsumedCapacity">;

function checkReturns<T extends Returning>(input: T): T {
  const values = oneOf(input.ReturnValues, "ReturnValues", returns) ?? "NONE";
  if (values !== "NONE" && values !== "ALL_OLD") throw invalid("ReturnValues can only be ALL_OLD or NONE");
  return input;
}

function writeReturningOld(database: Database, input: Returning, unbound: UnboundWrite) {
  const report = oneOf(input.ReturnConsumedCapacity, "ReturnConsumedCapacity", reports);
  const { write, change } = executeWrite(database, unbound);
  return {
    Attributes: input.ReturnValues === "ALL_OLD" ? change.before : undefined,
    ConsumedCapacity: consumed(report, write.table, () => writeUse(write.table, change)),
  };
}

export function updateItem(database: Database, input: UpdateItemCommandInput) {
  checkMembers("UpdateItem", input, [...conditional, "Key", "UpdateExpression"]);
  const values = oneOf(input.ReturnValues, "ReturnValues", returns) ?? "NONE";
  const report = oneOf(input.ReturnConsumedCapacity, "ReturnConsumedCapacity", reports);
  const { write, change } = executeWrite(database, readUpdate(input));
  return {
    Attributes: returnedAttributes(values, change, write),
    ConsumedCapacity: consumed(report, write.table, () => writeUse(write.table, change)),
  };
}

function returnedAttributes(values: (typeof returns)[number], { before, after }: Change, { updated }: Write) {
  if (values === "NONE") return undefined;
  if (values === "ALL_OLD") return before;
  if (values === "ALL_NEW") return after;
  const item = values === "UPDATED_OLD" ? before : after;
  if (!item || updated.length === 0) return undefined;
  const parts: Item = projector(updated)(item);
  return Object.keys(parts).length > 0 ? parts : undefined;
}

export function getItem({ tables, items }: Database, input: GetItemCommandInput) {
  checkMembers("GetItem", input, [
    "TableName",
    "Key",
    "ConsistentRead",
    "ProjectionExpression",
    "ExpressionAttributeNames",
    "ReturnConsumedCapacity",
  ]);
  const name = required(input.TableName, "TableName");
  const keyItem = readItem(required(input.Key, "Key"));
  const report = oneOf(input.ReturnConsumedCapacity, "ReturnConsumedCapacity", reports);
  const project = readProjection(input);
  const table = tables.get(name);
  const item = items.read(table, readKey(table, keyItem));
  return {
    Item: item && project(item),
    ConsumedCapacity: consumed(report, table, () => ({
      table: readUnits(item ? itemSize(item) : 0, input.ConsistentRead),
      indexes: {},
    })),
  };
}
