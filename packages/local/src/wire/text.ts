// Members in a header, a query string or a path, as text.
import type { NormalizedSchema } from "@smithy/core/schema";

// The SDK's numbers for a timestamp with a fixed format.
const DATE_TIME = 5;
const HTTP_DATE = 6;
const EPOCH_SECONDS = 7;

/** Undefined when the text does not match the schema. */
export function readText(schema: NormalizedSchema, text: string): unknown {
  if (schema.isBooleanSchema()) return text === "true";
  if (schema.isNumericSchema())
    return text.trim() === "" || Number.isNaN(Number(text)) ? undefined : Number(text);
  if (schema.isTimestampSchema()) {
    const date = /^\d+(\.\d+)?$/.test(text) ? new Date(Number(text) * 1000) : new Date(text);
    return Number.isNaN(date.getTime()) ? undefined : date;
  }
  if (schema.isListSchema())
    return text.split(",").map((part) => readText(schema.getValueSchema(), part.trim()));
  if (schema.isBlobSchema()) return Buffer.from(text, "base64");
  return text;
}

export function writeText(schema: NormalizedSchema, value: unknown, dateFormat = HTTP_DATE): string {
  if (value instanceof Date) {
    const own = schema.getSchema();
    const format = own === DATE_TIME || own === HTTP_DATE || own === EPOCH_SECONDS ? own : dateFormat;
    if (format === DATE_TIME) return value.toISOString();
    return format === EPOCH_SECONDS ? String(value.getTime() / 1000) : value.toUTCString();
  }
  if (Array.isArray(value)) return value.map((item) => writeText(schema.getValueSchema(), item)).join(", ");
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  return String(value);
}

/** Node rejects header text beyond Latin-1: send such text as UTF-8 bytes. */
export function headerText(text: string): string {
  const oneLine = text.replace(/[\r\n\0]/g, " ");
  return /[^\u0020-\u00ff\t]/.test(oneLine) ? Buffer.from(oneLine, "utf8").toString("latin1") : oneLine;
}
