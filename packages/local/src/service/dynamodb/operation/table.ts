// The operations on tables. Changes take effect at once.
import type {
  CreateTableCommandInput,
  DeleteTableCommandInput,
  DescribeTableCommandInput,
  GlobalSecondaryIndexUpdate,
  ListTablesCommandInput,
  UpdateTableCommandInput,
} from "@aws-sdk/client-dynamodb";
import { notImplemented } from "../../../kernel/error.ts";
import type { Database } from "../database.ts";
import { inUse, invalid, invalidValues, noSuchResource } from "../error.ts";
import { tableName } from "../storage/tables.ts";
import { keyAttributes, type Table } from "../storage/table.ts";
import { checkIndexes, readDefinition, readIndex, readThroughput } from "./definition.ts";
import { describe } from "./describe.ts";
import { checkMembers, required, checkRange } from "./input.ts";

const LIST_LIMIT = 100;

export function createTable(database: Database, input: CreateTableCommandInput) {
  checkMembers("CreateTable", input, [
    "TableName",
    "AttributeDefinitions",
    "KeySchema",
    "LocalSecondaryIndexes",
    "GlobalSecondaryIndexes",
    "BillingMode",
    "ProvisionedThroughput",
    "StreamSpecification",
    "SSESpecification",
    "Tags",
    "TableClass",
    "DeletionProtectionEnabled",
  ]);
  const definition = readDefinition(input);
  return database.store.tx(() => {
    if (database.tables.find(definition.name)) throw inUse(`Table already exists: ${definition.name}`);
    const table = database.tables.create(definition, database.clock.now());
    return { TableDescription: describe(database, table, "CREATING") };
  });
}

export function describeTable(database: Database, input: DescribeTableCommandInput) {
  checkMembers("DescribeTable", input, ["TableName"]);
  return { Table: describe(database, requireTable(database, input.TableName), "ACTIVE") };
}

/** Operations on tables name the missing table; operations on items do not. */
export function requireTable({ tables }: Database, nameOrArn: string | undefined): Table {
  const name = tableName(required(nameOrArn, "TableName"));
  const table = tables.find(name);
  if (!table) throw noSuchResource(`Table: ${name}`);
  return table;
}

export function deleteTable(database: Database, input: DeleteTableCommandInput) {
  checkMembers("DeleteTable", input, ["TableName"]);
  return database.store.tx(() => {
    const table = requireTable(database, input.TableName);
    if (table.deletionProtection) {
      throw invalid(
        "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.",
      );
    }
    const description = describe(database, table, "DELETING");
    database.items.clearTable(table);
    database.tables.remove(table);
    return { TableDescription: description };
  });
}

export function listTables({ tables }: Database, input: ListTablesCommandInput) {
  checkMembers("ListTables", input, ["ExclusiveStartTableName", "Limit"]);
  checkRange(input.Limit, "Limit", 1, LIST_LIMIT);
  const limit = input.Limit ?? LIST_LIMIT;
  const names = tables.names(input.ExclusiveStartTableName ?? "", limit + 1);
  const page = names.slice(0, limit);
  return { TableNames: page, LastEvaluatedTableName: names.length > limit ? page.at(-1) : undefined };
}

export function updateTable(database: Database, input: UpdateTableCommandInput) {
  checkMembers("UpdateTable", input, [
    "TableName",
    "AttributeDefinitions",
    "BillingMode",
    "ProvisionedThroughput",
    "GlobalSecondaryIndexUpdates",
    "DeletionProtectionEnabled",
    "StreamSpecification",
    "TableClass",
  ]);
  if (input.StreamSpecification?.StreamEnabled) throw notImplemented("DynamoDB Streams");
  return database.store.tx(() => {
    let table = requireTable(database, input.TableName);
    if (input.BillingMode || input.ProvisionedThroughput) {
      const throughput = readThroughput(input.BillingMode, input.ProvisionedThroughput);
      table = database.tables.change(table, { throughput });
    }
    if (input.DeletionProtectionEnabled !== undefined) {
      table = database.tables.change(table, { deletionProtection: input.DeletionProtectionEnabled });
    }
    for (const update of input.GlobalSecondaryIndexUpdates ?? []) {
      table = updateIndex(database, table, update, input);
    }
    return { TableDescription: describe(database, table, "UPDATING") };
  });
}

function updateIndex(
  database: Database,
  table: Table,
  { Create, Delete, Update }: GlobalSecondaryIndexUpdate,
  input: UpdateTableCommandInput,
): Table {
  if (Create) {
    const known = [table.key, ...table.indexes.map((index) => index.key)].flatMap(keyAttributes);
    const attributes = [
      ...(input.AttributeDefinitions ?? []),
      ...known.map(({ name, type }) => ({ AttributeName: name, AttributeType: type })),
    ];
    const index = readIndex("global", Create, attributes);
    const indexes = [...table.indexes, index];
    checkIndexes(table.key, indexes);
    database.items.fillIndex(table, index);
    return database.tables.change(table, { indexes });
  }
  if (Delete) {
    const index = table.indexes.find(({ name, kind }) => kind === "global" && name === Delete.IndexName);
    if (!index) throw noSuchResource(`Index: ${Delete.IndexName}`);
    database.items.clearIndex(table, index);
    return database.tables.change(table, { indexes: table.indexes.filter((other) => other !== index) });
  }
  if (Update) return table;
  throw invalidValues("GlobalSecondaryIndexUpdate must contain exactly one of Create, Update or Delete");
}
