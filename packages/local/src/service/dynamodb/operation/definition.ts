// Reads and validates CreateTable's members.
import type {
  AttributeDefinition,
  CreateTableCommandInput,
  KeySchemaElement,
  Projection as ProjectionInput,
  ProvisionedThroughput,
} from "@aws-sdk/client-dynamodb";
import { notImplemented } from "../../../kernel/error.ts";
import { constraint, invalid, invalidValues } from "../error.ts";
import { MAX_GLOBAL_INDEXES, MAX_LOCAL_INDEXES } from "../limits.ts";
import {
  keyAttributes,
  type Definition,
  type Index,
  type KeySchema,
  type Projection,
  type Throughput,
} from "../storage/table.ts";
import { oneOf, required, checkRange } from "./input.ts";

const NAME = /^[a-zA-Z0-9_.-]{3,255}$/;

export function readDefinition(input: CreateTableCommandInput): Definition {
  const name = required(input.TableName, "TableName");
  if (!NAME.test(name)) {
    throw constraint(
      name,
      "tableName",
      "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+ and have length from 3 to 255",
    );
  }
  if (input.StreamSpecification?.StreamEnabled) throw notImplemented("DynamoDB Streams");
  const attributes = required(input.AttributeDefinitions, "AttributeDefinitions");
  const key = readKeySchema(required(input.KeySchema, "KeySchema"), attributes);
  const indexes = [
    ...(input.LocalSecondaryIndexes ?? []).map((index) => readIndex("local", index, attributes)),
    ...(input.GlobalSecondaryIndexes ?? []).map((index) => readIndex("global", index, attributes)),
  ];
  checkIndexes(key, indexes);
  checkAllUsed(attributes, [key, ...indexes.map((index) => index.key)]);
  return {
    name,
    key,
    indexes,
    throughput: readThroughput(input.BillingMode, input.ProvisionedThroughput),
    tags: Object.fromEntries((input.Tags ?? []).map(({ Key, Value }) => [Key!, Value!])),
    deletionProtection: input.DeletionProtectionEnabled ?? false,
    pointInTimeRecovery: false,
  };
}

function readKeySchema(elements: KeySchemaElement[], attributes: AttributeDefinition[]): KeySchema {
  const [hash, range, ...more] = elements;
  if (hash?.KeyType !== "HASH") {
    throw invalid("Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
  }
  if (range && range.KeyType !== "RANGE") {
    throw invalid("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type");
  }
  if (more.length > 0) {
    throw constraint(elements.length, "keySchema", "Member must have length less than or equal to 2");
  }
  if (hash.AttributeName === range?.AttributeName) {
    throw invalid("Both the Hash Key and the Range Key element in the KeySchema have the same name");
  }
  const attribute = ({ AttributeName }: KeySchemaElement) => {
    const found = attributes.find((defined) => defined.AttributeName === AttributeName);
    if (!found) {
      throw invalidValues(
        `Some index key attributes are not defined in AttributeDefinitions. Keys: [${AttributeName}], AttributeDefinitions: [${attributes.map((a) => a.AttributeName).join(", ")}]`,
      );
    }
    const type = oneOf(found.AttributeType, "AttributeType", ["B", "N", "S"]);
    return { name: found.AttributeName!, type: type! };
  };
  return { hash: attribute(hash), ...(range && { range: attribute(range) }) };
}

interface IndexInput {
  IndexName: string | undefined;
  KeySchema: KeySchemaElement[] | undefined;
  Projection: ProjectionInput | undefined;
}

export function readIndex(kind: Index["kind"], input: IndexInput, attributes: AttributeDefinition[]): Index {
  const name = required(input.IndexName, "IndexName");
  if (!NAME.test(name)) {
    throw constraint(name, "indexName", "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+");
  }
  const key = readKeySchema(required(input.KeySchema, "KeySchema"), attributes);
  return { name, kind, key, projection: readProjectionOf(required(input.Projection, "Projection")) };
}

function readProjectionOf({ ProjectionType, NonKeyAttributes }: ProjectionInput): Projection {
  const type = oneOf(ProjectionType, "ProjectionType", ["ALL", "INCLUDE", "KEYS_ONLY"]);
  if (!type) throw invalidValues("Unknown ProjectionType: null");
  if (type === "INCLUDE" && !NonKeyAttributes?.length) {
    throw invalidValues("ProjectionType is INCLUDE, but NonKeyAttributes is not specified");
  }
  if (type !== "INCLUDE" && NonKeyAttributes) {
    throw invalidValues(`ProjectionType is ${type}, but NonKeyAttributes is specified`);
  }
  return { type, attributes: NonKeyAttributes ?? [] };
}

export function checkIndexes(key: KeySchema, indexes: Index[]) {
  const duplicate = indexes.find(({ name }, i) => indexes.findIndex((other) => other.name === name) < i);
  if (duplicate) throw invalidValues(`Duplicate index name: ${duplicate.name}`);
  const locals = indexes.filter(({ kind }) => kind === "local");
  if (locals.length > MAX_LOCAL_INDEXES) {
    throw invalidValues("Number of LocalSecondaryIndexes exceeds per-table limit of 5");
  }
  if (indexes.length - locals.length > MAX_GLOBAL_INDEXES) {
    throw invalidValues("GlobalSecondaryIndex count exceeds the per-table limit of 20");
  }
  if (locals.length > 0 && !key.range) {
    throw invalidValues(
      "Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex",
    );
  }
  for (const { name, key: own } of locals) {
    if (own.hash.name !== key.hash.name) {
      throw invalidValues(
        `Index KeySchema does not have the same leading hash key as table KeySchema for index: ${name}. index hash key: ${own.hash.name}, table hash key: ${key.hash.name}`,
      );
    }
    if (!own.range) {
      throw invalidValues(`Index KeySchema does not have a range key for index: ${name}`);
    }
  }
}

function checkAllUsed(attributes: AttributeDefinition[], schemas: KeySchema[]) {
  const used = new Set(schemas.flatMap(keyAttributes).map(({ name }) => name));
  if (attributes.every(({ AttributeName }) => used.has(AttributeName!))) return;
  if (schemas.length === 1) {
    throw invalidValues(
      "Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions",
    );
  }
  throw invalidValues(
    `Some AttributeDefinitions are not used. AttributeDefinitions: [${attributes.map((a) => a.AttributeName).join(", ")}], keys used: [${[...used].join(", ")}]`,
  );
}

export function readThroughput(
  billing: string | undefined,
  throughput: ProvisionedThroughput | undefined,
): Throughput | undefined {
  if (oneOf(billing, "BillingMode", ["PROVISIONED", "PAY_PER_REQUEST"]) === "PAY_PER_REQUEST") {
    if (!throughput) return undefined;
    throw invalidValues(
      "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST",
    );
  }
  if (!throughput) {
    throw invalidValues(
      "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED",
    );
  }
  checkRange(throughput.ReadCapacityUnits, "ReadCapacityUnits", 1);
  checkRange(throughput.WriteCapacityUnits, "WriteCapacityUnits", 1);
  return {
    read: required(throughput.ReadCapacityUnits, "ReadCapacityUnits"),
    write: required(throughput.WriteCapacityUnits, "WriteCapacityUnits"),
  };
}
