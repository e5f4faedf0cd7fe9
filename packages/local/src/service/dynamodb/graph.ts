// Tables of the resource graph: created or updated at every start.
import type {
  CreateTableCommandInput,
  KeySchemaElement,
  Projection,
  ScalarAttributeType,
} from "@aws-sdk/client-dynamodb";
import { notImplemented } from "../../kernel/error.ts";
import type { ResolvedResource } from "../../kernel/graph.ts";
import { nameOf } from "../../kernel/names.ts";
import type { Database } from "./database.ts";
import { readDefinition } from "./operation/definition.ts";
import { checkMembers } from "./operation/input.ts";
import { setTimeToLive } from "./operation/ttl.ts";
import type { Definition, Index } from "./storage/table.ts";

/** The supported inputs of a Pulumi `aws.dynamodb.Table`. */
interface TableInputs {
  name?: string;
  hashKey: string;
  rangeKey?: string;
  attributes: { name: string; type: ScalarAttributeType }[];
  billingMode?: "PROVISIONED" | "PAY_PER_REQUEST";
  readCapacity?: number;
  writeCapacity?: number;
  globalSecondaryIndexes?: (IndexInputs & { hashKey: string })[];
  localSecondaryIndexes?: IndexInputs[];
  ttl?: { attributeName?: string; enabled?: boolean };
  streamEnabled?: boolean;
  pointInTimeRecovery?: { enabled: boolean };
  deletionProtectionEnabled?: boolean;
  tags?: Record<string, string>;
}

interface IndexInputs {
  name: string;
  rangeKey?: string;
  projectionType: Projection["ProjectionType"];
  nonKeyAttributes?: string[];
}

const supported =
  "name hashKey rangeKey attributes billingMode readCapacity writeCapacity globalSecondaryIndexes localSecondaryIndexes ttl streamEnabled pointInTimeRecovery deletionProtectionEnabled tags";
/** Inputs without an effect on clients of one machine. */
const ignored = "serverSideEncryption streamViewType tableClass onDemandThroughput region tagsAll";
const inputNames = `${supported} ${ignored}`.split(" ");
const indexInputNames = ["name", "hashKey", "rangeKey", "projectionType", "nonKeyAttributes"];

function checkInputs({ name, inputs }: ResolvedResource<TableInputs>) {
  checkMembers(`table ${name}`, inputs, inputNames);
  for (const index of [...(inputs.globalSecondaryIndexes ?? []), ...(inputs.localSecondaryIndexes ?? [])]) {
    checkMembers(`index ${index.name} of table ${name}`, index, indexInputNames);
  }
}

export function ensureTable(database: Database, resource: ResolvedResource<TableInputs>) {
  const { inputs } = resource;
  checkInputs(resource);
  if (inputs.streamEnabled) throw notImplemented(`DynamoDB Streams (table ${resource.name})`);
  const wanted: Definition = {
    ...readDefinition(createTableInput(nameOf(resource as never), inputs)),
    pointInTimeRecovery: inputs.pointInTimeRecovery?.enabled ?? false,
  };
  const ttl = inputs.ttl?.enabled === false ? undefined : inputs.ttl?.attributeName;
  database.store.tx(() => {
    const table = database.tables.find(wanted.name);
    if (table) update(database, wanted);
    else database.tables.create(wanted, database.clock.now());
    if (table?.ttl !== ttl) setTimeToLive(database, wanted.name, ttl);
  });
}

function update({ tables, items }: Database, wanted: Definition) {
  const table = tables.get(wanted.name);
  if (!same(table.key, wanted.key)) {
    throw new Error(
      `Table ${wanted.name} has the key ${keyText(table.key)}, but the resource graph requires ${keyText(wanted.key)}. ` +
        "AWS would replace the table and lose its items. Change the key back, or remove the state folder to start without state.",
    );
  }
  const removed = table.indexes.filter((index) => !wanted.indexes.some((other) => same(index, other)));
  const added = wanted.indexes.filter((index) => !table.indexes.some((other) => same(index, other)));
  for (const index of removed) items.clearIndex(table, index);
  for (const index of added) items.fillIndex(table, index);
  tables.change(table, wanted);
}

const same = (left: Definition["key"] | Index, right: Definition["key"] | Index) =>
  JSON.stringify(left) === JSON.stringify(right);

const keyText = ({ hash, range }: Definition["key"]) => [hash, range].map((key) => key?.name).join("/");

function createTableInput(name: string, inputs: TableInputs): CreateTableCommandInput {
  const provisioned = inputs.billingMode !== "PAY_PER_REQUEST";
  return {
    TableName: name,
    AttributeDefinitions: inputs.attributes.map(({ name, type }) => ({
      AttributeName: name,
      AttributeType: type,
    })),
    KeySchema: keySchema(inputs.hashKey, inputs.rangeKey),
    BillingMode: provisioned ? "PROVISIONED" : "PAY_PER_REQUEST",
    ...(provisioned && {
      ProvisionedThroughput: {
        ReadCapacityUnits: inputs.readCapacity ?? 1,
        WriteCapacityUnits: inputs.writeCapacity ?? 1,
      },
    }),
    GlobalSecondaryIndexes: inputs.globalSecondaryIndexes?.map((index) => indexInput(index, index.hashKey)),
    LocalSecondaryIndexes: inputs.localSecondaryIndexes?.map((index) => indexInput(index, inputs.hashKey)),
    DeletionProtectionEnabled: inputs.deletionProtectionEnabled,
    Tags: Object.entries(inputs.tags ?? {}).map(([Key, Value]) => ({ Key, Value })),
  };
}

function indexInput({ name, rangeKey, projectionType, nonKeyAttributes }: IndexInputs, hashKey: string) {
  return {
    IndexName: name,
    KeySchema: keySchema(hashKey, rangeKey),
    Projection: { ProjectionType: projectionType, NonKeyAttributes: nonKeyAttributes },
  };
}

const keySchema = (hash: string, range: string | undefined): KeySchemaElement[] => [
  { AttributeName: hash, KeyType: "HASH" },
  ...(range ? [{ AttributeName: range, KeyType: "RANGE" as const }] : []),
];
