// Keys as bytes that sort as DynamoDB sorts them.
import { hash } from "node:crypto";
import { invalid, invalidValues } from "../error.ts";
import { MAX_HASH_KEY_BYTES, MAX_RANGE_KEY_BYTES } from "../limits.ts";
import { encodeNumber } from "../value/decimal.ts";
import { attribute, emptyItem, typeOf, type Item, type Value } from "../value/value.ts";
import { isKey, keyAttributes, type Index, type KeyAttribute, type KeySchema, type Table } from "./table.ts";

export interface Key {
  hash: Buffer;
  range: Buffer;
}

/** The range key of schemas without one: a byte, because SQLite reads an empty blob as NULL. */
const NO_RANGE = Buffer.from([0]);
/** Length of the digest before each hash key. Scan segments divide its value range. */
export const HASH_PREFIX_BYTES = 4;

export function encodeKeyValue(value: Value): Buffer {
  if ("S" in value) return Buffer.from(value.S);
  if ("N" in value) return encodeNumber(value.N);
  if ("B" in value) return Buffer.from(value.B);
  throw new TypeError(`a key cannot be of type ${typeOf(value)}`);
}

/** Partitions are read in the order of a digest, as on AWS: the order of a Scan is not that of the keys. */
export function encodeHash(value: Value): Buffer {
  const bytes = encodeKeyValue(value);
  return Buffer.concat([hash("md5", bytes, "buffer").subarray(0, HASH_PREFIX_BYTES), bytes]);
}

/** The key of a checked item; undefined when the item lacks part of it (sparse index). */
export function keyOf(schema: KeySchema, item: Item): Key | undefined {
  const hash = attribute(item, schema.hash.name);
  const range = schema.range && attribute(item, schema.range.name);
  if (!hash || (schema.range && !range)) return undefined;
  return { hash: encodeHash(hash), range: range ? encodeKeyValue(range) : NO_RANGE };
}

/** Checks a `Key` parameter: exactly the table's key attributes. */
export function readKey(table: Table, input: Item): Key {
  const attributes = keyAttributes(table.key);
  const fits = ({ name, type }: KeyAttribute) => {
    const value = attribute(input, name);
    return value && typeOf(value) === type;
  };
  if (Object.keys(input).length !== attributes.length || !attributes.every(fits)) {
    throw invalid("The provided key element does not match the schema");
  }
  return checkedKey(table, input);
}

/** Checks the key attributes of an item for the table and its indexes. */
export function readItemKey(table: Table, item: Item, updating = false): Key {
  for (const { name, type } of keyAttributes(table.key)) {
    const value = attribute(item, name);
    if (!value) throw invalidValues(`Missing the key ${name} in the item`);
    if (typeOf(value) !== type) {
      throw invalidValues(`Type mismatch for key ${name} expected: ${type} actual: ${typeOf(value)}`);
    }
  }
  for (const index of table.indexes) checkIndexKey(table, index, item, updating);
  return checkedKey(table, item);
}

function checkedKey(table: Table, item: Item): Key {
  for (const { name } of keyAttributes(table.key)) {
    const value = item[name]!;
    if (!isEmpty(value)) continue;
    throw invalid(
      `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${"S" in value ? "string" : "binary"} value. Key: ${name}`,
    );
  }
  const key = keyOf(table.key, item)!;
  if (key.hash.length - HASH_PREFIX_BYTES > MAX_HASH_KEY_BYTES) {
    throw invalidValues("Size of hashkey has exceeded the maximum size limit of2048 bytes");
  }
  if (key.range.length > MAX_RANGE_KEY_BYTES) {
    throw invalidValues("Aggregated size of all range keys has exceeded the size limit of 1024 bytes");
  }
  return key;
}

function checkIndexKey(table: Table, index: Index, item: Item, updating: boolean) {
  for (const { name, type } of keyAttributes(index.key)) {
    const value = attribute(item, name);
    if (!value || isKey(table.key, name)) continue;
    if (typeOf(value) !== type) {
      throw invalidValues(
        `Type mismatch for Index Key ${name} Expected: ${type} Actual: ${typeOf(value)} IndexName: ${index.name}`,
      );
    }
    if (!isEmpty(value)) continue;
    const what = `The AttributeValue for a key attribute cannot contain an empty ${"S" in value ? "string" : "binary"} value.`;
    throw invalid(
      updating
        ? `One or more parameter values are not valid. The update expression attempted to update a secondary index key to a value that is not supported. ${what}`
        : `One or more parameter values are not valid. A value specified for a secondary index key is not supported. ${what} IndexName: ${index.name}, IndexKey: ${name}`,
    );
  }
}

const isEmpty = (value: Value) => ("S" in value && value.S === "") || ("B" in value && value.B.length === 0);

/** The named attributes that the item has. */
export function pick(item: Item, names: string[]): Item {
  const picked = emptyItem();
  for (const name of names) {
    const value = attribute(item, name);
    if (value) picked[name] = value;
  }
  return picked;
}
