// TransactWriteItems and TransactGetItems.
import { createHash } from "node:crypto";
import type {
  ConsumedCapacity,
  TransactGetItemsCommandInput,
  TransactWriteItem,
  TransactWriteItemsCommandInput,
} from "@aws-sdk/client-dynamodb";
import { AwsError } from "../../../kernel/error.ts";
import { sumUse, consumed, readUnits, writeUse, type CapacityReport, type CapacityUse } from "../capacity.ts";
import type { Database } from "../database.ts";
import { invalid } from "../error.ts";
import { MAX_TRANSACTION_BYTES, MAX_TRANSACTION_ITEMS, TOKEN_LIFE_MS } from "../limits.ts";
import type { Change } from "../storage/items.ts";
import { readKey } from "../storage/key.ts";
import type { Table } from "../storage/table.ts";
import { itemSize } from "../value/size.ts";
import { readItem, type Item } from "../value/value.ts";
import { transactionCancelled, type CancellationReason } from "./condition-error.ts";
import { checkMembers, checkLength, oneOf, reports, required } from "./input.ts";
import { readProjection } from "./read.ts";
import {
  itemIdentity,
  planChange,
  readCheck,
  readDelete,
  readPut,
  readUpdate,
  type UnboundWrite,
  type Write,
} from "./write.ts";

/** Transactions cost twice the units. */
const FACTOR = 2;
const conditional = [
  "TableName",
  "ConditionExpression",
  "ExpressionAttributeNames",
  "ExpressionAttributeValues",
  "ReturnValuesOnConditionCheckFailure",
];

export function transactWriteItems(database: Database, input: TransactWriteItemsCommandInput) {
  checkMembers("TransactWriteItems", input, [
    "TransactItems",
    "ClientRequestToken",
    "ReturnConsumedCapacity",
  ]);
  const report = oneOf(input.ReturnConsumedCapacity, "ReturnConsumedCapacity", reports);
  const requests = required(input.TransactItems, "TransactItems");
  checkLength(requests, "TransactItems", MAX_TRANSACTION_ITEMS);
  const unbound = requests.map(readWrite);
  const tables = unbound.map(({ tableName }) => database.tables.get(tableName));
  return database.store.tx(() => {
    if (isRepeated(database, input)) return {};
    const writes = attemptAll(unbound, (write, i) => write.bind(tables[i]!));
    checkDistinct(writes.map(itemIdentity));
    const changes = attemptAll(writes, (write) => planIn(database, write));
    const bytes = changes.reduce((sum, { after }) => sum + (after ? itemSize(after) : 0), 0);
    if (bytes > MAX_TRANSACTION_BYTES) {
      throw invalid("Collection size of items in the transaction exceeds the limit of 4 MB");
    }
    changes.forEach((change, i) => database.items.write(tables[i]!, change));
    rememberToken(database, input);
    return { ConsumedCapacity: writtenUnits(report, tables, changes) };
  });
}

function readWrite(request: TransactWriteItem): UnboundWrite {
  const [action, ...more] = Object.entries(request).filter(([, value]) => value !== undefined);
  if (!action || more.length > 0) {
    throw invalid("TransactItems can only contain one of Check, Put, Update or Delete");
  }
  const [kind, input] = action;
  switch (kind) {
    case "Put":
      checkMembers("TransactWriteItems", input, [...conditional, "Item"]);
      return readPut(input);
    case "Delete":
      checkMembers("TransactWriteItems", input, [...conditional, "Key"]);
      return readDelete(input);
    case "Update":
      checkMembers("TransactWriteItems", input, [...conditional, "Key", "UpdateExpression"]);
      required(input.UpdateExpression, "UpdateExpression");
      return readUpdate(input);
    default:
      checkMembers("TransactWriteItems", input, [...conditional, "Key"]);
      return readCheck(input);
  }
}

function planIn(database: Database, write: Write): Change {
  if (database.fault("dynamodb:conflict", { TableName: write.table.name })?.kind === "error") {
    throw new AwsError("TransactionConflict", "Transaction is ongoing for the item");
  }
  return planChange(database, write);
}

/** Runs `work` for each entry. When one fails, cancels the transaction with a reason for each. */
function attemptAll<T, R>(entries: T[], work: (entry: T, index: number) => R): R[] {
  const results: R[] = [];
  const reasons = entries.map((entry, i): CancellationReason => {
    try {
      results.push(work(entry, i));
      return { Code: "None" };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return { Code: reasonCode(error.code), Message: error.message, ...error.fields };
    }
  });
  if (results.length < entries.length) throw transactionCancelled(reasons);
  return results;
}

const reasonCode = (code: string) =>
  ({
    ConditionalCheckFailedException: "ConditionalCheckFailed",
    ValidationException: "ValidationError",
  })[code] ?? code;

function checkDistinct(identities: string[]) {
  if (new Set(identities).size === identities.length) return;
  throw invalid("Transaction request cannot include multiple operations on one item");
}

/** Whether a request with the same token was executed before. */
function isRepeated({ store, clock }: Database, input: TransactWriteItemsCommandInput): boolean {
  const token = input.ClientRequestToken;
  if (token === undefined) return false;
  const known = store.get<{ digest: string }>`select digest from dynamodb_token
    where token = ${token} and expires > ${clock.now()}`;
  if (known && known.digest !== digestOf(input)) {
    throw new AwsError(
      "IdempotentParameterMismatchException",
      "Request parameters do not match those of an earlier request with the same ClientRequestToken",
    );
  }
  return known !== undefined;
}

function rememberToken({ store, clock }: Database, input: TransactWriteItemsCommandInput) {
  const token = input.ClientRequestToken;
  if (token === undefined) return;
  store.run`delete from dynamodb_token where expires <= ${clock.now()}`;
  const expires = clock.now() + TOKEN_LIFE_MS;
  store.run`insert into dynamodb_token values (${token}, ${digestOf(input)}, ${expires})`;
}

const digestOf = ({ TransactItems }: TransactWriteItemsCommandInput) =>
  createHash("sha256").update(JSON.stringify(TransactItems)).digest("base64");

function writtenUnits(report: CapacityReport | undefined, tables: Table[], changes: Change[]) {
  return byTable(
    report,
    tables,
    changes.map((change, i) => () => writeUse(tables[i]!, change)),
    "WriteCapacityUnits",
  );
}

function byTable(
  report: CapacityReport | undefined,
  tables: Table[],
  uses: (() => CapacityUse)[],
  member: "ReadCapacityUnits" | "WriteCapacityUnits",
): ConsumedCapacity[] | undefined {
  if (!report || report === "NONE") return undefined;
  return [...new Set(tables)].map((table) => {
    const own = uses.filter((_, i) => tables[i] === table).map((use) => use());
    // Twice, because a transaction prepares and then commits.
    const capacity = consumed(report, table, () => sumUse(Array.from({ length: FACTOR }, () => own).flat()))!;
    return { ...capacity, [member]: capacity.CapacityUnits };
  });
}

export function transactGetItems(database: Database, input: TransactGetItemsCommandInput) {
  checkMembers("TransactGetItems", input, ["TransactItems", "ReturnConsumedCapacity"]);
  const report = oneOf(input.ReturnConsumedCapacity, "ReturnConsumedCapacity", reports);
  const requests = required(input.TransactItems, "TransactItems");
  checkLength(requests, "TransactItems", MAX_TRANSACTION_ITEMS);
  const reads = requests.map(({ Get }) => {
    const get = required(Get, "Get");
    checkMembers("TransactGetItems", get, [
      "TableName",
      "Key",
      "ProjectionExpression",
      "ExpressionAttributeNames",
    ]);
    const keyItem = readItem(required(get.Key, "Key"));
    return {
      keyItem,
      project: readProjection(get),
      table: database.tables.get(required(get.TableName, "TableName")),
    };
  });
  const keys = attemptAll(reads, ({ table, keyItem }) => readKey(table, keyItem));
  checkDistinct(reads.map(({ table }, i) => itemIdentity({ table, key: keys[i]! })));
  const items = reads.map(({ table }, i) => database.items.read(table, keys[i]!));
  return {
    Responses: items.map((item, i): { Item?: Item } => (item ? { Item: reads[i]!.project(item) } : {})),
    ConsumedCapacity: byTable(
      report,
      reads.map(({ table }) => table),
      items.map((item) => () => ({ table: readUnits(item ? itemSize(item) : 0, true), indexes: {} })),
      "ReadCapacityUnits",
    ),
  };
}
