// The output of DescribeTable.
import type { KeySchemaElement, TableDescription, TableStatus } from "@aws-sdk/client-dynamodb";
import { tableArn, type Database } from "../database.ts";
import { keyAttributes, type Index, type KeySchema, type Projection, type Table } from "../storage/table.ts";

export function describe(database: Database, table: Table, status: TableStatus): TableDescription {
  const arn = tableArn(database.cloud, table.name);
  const indexes = (kind: Index["kind"]) => {
    const found = table.indexes.filter((index) => index.kind === kind);
    return found.length > 0 ? found : undefined;
  };
  const described = (index: Index) => ({
    IndexName: index.name,
    IndexArn: `${arn}/index/${index.name}`,
    KeySchema: keySchema(index.key),
    Projection: projection(index.projection),
    ItemCount: countEntries(database, table, index),
    IndexSizeBytes: 0,
  });
  return {
    TableName: table.name,
    TableId: tableId(table),
    TableArn: arn,
    TableStatus: status,
    CreationDateTime: new Date(table.created),
    AttributeDefinitions: attributes(table).map(({ name, type }) => ({
      AttributeName: name,
      AttributeType: type,
    })),
    KeySchema: keySchema(table.key),
    ...countItems(database, table),
    BillingModeSummary: { BillingMode: table.throughput ? "PROVISIONED" : "PAY_PER_REQUEST" },
    ProvisionedThroughput: throughput(table),
    DeletionProtectionEnabled: table.deletionProtection,
    LocalSecondaryIndexes: indexes("local")?.map(described),
    GlobalSecondaryIndexes: indexes("global")?.map((index) => ({
      ...described(index),
      IndexStatus: "ACTIVE" as const,
      ProvisionedThroughput: throughput(table),
    })),
  };
}

function attributes(table: Table) {
  const all = [table.key, ...table.indexes.map((index) => index.key)].flatMap(keyAttributes);
  return all.filter(({ name }, i) => all.findIndex((other) => other.name === name) === i);
}

const keySchema = (schema: KeySchema): KeySchemaElement[] =>
  keyAttributes(schema).map(({ name }, i) => ({ AttributeName: name, KeyType: i === 0 ? "HASH" : "RANGE" }));

const projection = ({ type, attributes }: Projection) => ({
  ProjectionType: type,
  NonKeyAttributes: attributes.length > 0 ? attributes : undefined,
});

const throughput = ({ throughput }: Table) => ({
  NumberOfDecreasesToday: 0,
  ReadCapacityUnits: throughput?.read ?? 0,
  WriteCapacityUnits: throughput?.write ?? 0,
});

/** A stable id in the form of a UUID. */
const tableId = ({ id, created }: Table) =>
  `00000000-0000-4000-${(id % 0x10000).toString(16).padStart(4, "0")}-${created.toString(16).padStart(12, "0")}`;

function countItems({ store }: Database, table: Table) {
  const { items, bytes } = store.get<{ items: number; bytes: number }>`
    select count(*) as items, coalesce(sum(size), 0) as bytes from dynamodb_item
    where table_id = ${table.id}`!;
  return { ItemCount: items, TableSizeBytes: bytes };
}

const countEntries = ({ store }: Database, table: Table, { name }: Index) =>
  store.get<{ entries: number }>`select count(*) as entries from dynamodb_entry
    where table_id = ${table.id} and index_name = ${name}`!.entries;
