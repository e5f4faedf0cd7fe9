// Checks inputs against the model's types, because services rely on them.
import type { NormalizedSchema } from "@smithy/core/schema";
import { AwsError } from "../kernel/error.ts";

/** Throws SerializationException when `value` does not match the schema. */
export function checkTypes(schema: NormalizedSchema, value: unknown, where = ""): void {
  if (value === null || value === undefined || schema.isDocumentSchema()) return;
  if (schema.isStructSchema()) {
    const record = asRecord(value, where, schema.getName() ?? "a structure");
    for (const [name, member] of schema.structIterator())
      if (record[name] !== undefined) checkTypes(member, record[name], join(where, name));
  } else if (schema.isListSchema()) {
    if (!Array.isArray(value)) throw typeMismatch(value, "a list", where);
    const item = schema.getValueSchema();
    for (let index = 0; index < value.length; index++) checkTypes(item, value[index], `${where}[${index}]`);
  } else if (schema.isMapSchema()) {
    const record = asRecord(value, where, "a map");
    const item = schema.getValueSchema();
    for (const name of Object.keys(record)) checkTypes(item, record[name], join(where, name));
  } else checkSimple(schema, value, where);
}

function checkSimple(schema: NormalizedSchema, value: unknown, where: string) {
  if (schema.isStringSchema() && typeof value !== "string") throw typeMismatch(value, "a String", where);
  if (schema.isBooleanSchema() && typeof value !== "boolean") throw typeMismatch(value, "a Boolean", where);
  if (schema.isNumericSchema() && typeof value !== "number") throw typeMismatch(value, "a Number", where);
  if (schema.isBlobSchema() && !(value instanceof Uint8Array)) throw typeMismatch(value, "a Blob", where);
  if (schema.isTimestampSchema() && !(value instanceof Date && !Number.isNaN(value.getTime())))
    throw typeMismatch(value, "a Timestamp", where);
}

function asRecord(value: unknown, where: string, what: string): Record<string, unknown> {
  if (typeof value !== "object" || Array.isArray(value) || value instanceof Uint8Array)
    throw typeMismatch(value, what, where);
  return value as Record<string, unknown>;
}

const join = (where: string, name: string) => (where === "" ? name : `${where}.${name}`);

function typeMismatch(value: unknown, wanted: string, where: string) {
  const kind = typeof value === "boolean" ? String(value) : typeof value;
  return new AwsError(
    "SerializationException",
    `${kind.toUpperCase()}_VALUE can not be converted to ${wanted}${where === "" ? "" : ` (at ${where})`}`,
  );
}
