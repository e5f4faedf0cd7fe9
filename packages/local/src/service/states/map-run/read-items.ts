// ItemReader: the items of a distributed map from S3.
import { gunzipSync } from "node:zlib";
import { parse as parseCsv } from "csv-parse/sync";
import { isObject, type Json, type JsonObject } from "../language/json.ts";
import type { Principal } from "../../../kernel/service.ts";
import { callService, type Calls } from "../task/call.ts";
import { TaskError } from "../task/error.ts";

export interface Reader {
  Resource?: string;
  ReaderConfig?: {
    InputType?: string;
    MaxItems?: number;
    CSVHeaderLocation?: "FIRST_ROW" | "GIVEN";
    CSVHeaders?: string[];
    CSVDelimiter?: keyof typeof DELIMITERS;
  };
}

const DELIMITERS = { COMMA: ",", PIPE: "|", SEMICOLON: ";", SPACE: " ", TAB: "\t" };
/** AWS's limit of an input file is 10 GB; the local cloud reads it into memory. */
const MAX_BYTES = 512 * 1024 * 1024;

const fail = (cause: string) => new TaskError("States.ItemReaderFailed", cause);

/** `given` are the evaluated Parameters or Arguments. */
export async function readItems(calls: Calls, reader: Reader, given: Json, as: Principal): Promise<Json[]> {
  const parameters = isObject(given) ? given : {};
  const items = await readAll(calls, reader, parameters, as);
  const { MaxItems } = reader.ReaderConfig ?? {};
  return MaxItems ? items.slice(0, MaxItems) : items;
}

async function readAll(calls: Calls, reader: Reader, parameters: JsonObject, as: Principal): Promise<Json[]> {
  const action = reader.Resource?.split(":").at(-1);
  if (action === "listObjectsV2") return listObjects(calls, parameters, as);
  if (action !== "getObject") throw fail(`The resource ${reader.Resource} is not supported.`);
  const config = reader.ReaderConfig ?? {};
  const text = await readObject(calls, parameters, as);
  switch (config.InputType) {
    case "JSON":
      return requireArray(parseJson(text));
    case "JSONL":
      return text
        .split("\n")
        .filter((line) => line.trim() !== "")
        .map(parseJson);
    case "CSV":
      return readCsv(text, config);
    case "MANIFEST":
      return readManifest(calls, parseJson(text), as);
    default:
      throw fail(`The embedded AWS does not implement the input type ${config.InputType}.`);
  }
}

async function readObject(calls: Calls, parameters: JsonObject, as: Principal): Promise<string> {
  const { Body } = await reading(
    calls.call<{ Body: AsyncIterable<Uint8Array> }>("s3", "GetObject", parameters, as),
  );
  const parts: Uint8Array[] = [];
  for await (const part of Body) parts.push(part);
  const bytes = Buffer.concat(parts);
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return (isGzip ? gunzipSync(bytes, { maxOutputLength: MAX_BYTES }) : bytes).toString();
}

async function listObjects(calls: Calls, parameters: JsonObject, as: Principal): Promise<Json[]> {
  const items: Json[] = [];
  let ContinuationToken: Json | undefined;
  do {
    const request = { ...parameters, ...(ContinuationToken !== undefined && { ContinuationToken }) };
    const page = (await reading(callService(calls, "s3", "listObjectsV2", request, as))) as JsonObject;
    for (const one of (page["Contents"] ?? []) as JsonObject[]) {
      const { ETag, ...rest } = one;
      items.push({ Etag: ETag ?? null, ...rest });
    }
    ContinuationToken = page["NextContinuationToken"];
  } while (ContinuationToken !== undefined);
  return items;
}

/** S3 Inventory: its files are compressed CSV. */
async function readManifest(calls: Calls, manifest: Json, as: Principal): Promise<Json[]> {
  const { files, fileSchema, destinationBucket } = (isObject(manifest) ? manifest : {}) as JsonObject;
  if (!Array.isArray(files) || typeof fileSchema !== "string")
    throw fail("The manifest has no 'files' and 'fileSchema'.");
  const Bucket = String(destinationBucket).replace(/^arn:[^:]*:s3:::/, "");
  const CSVHeaders = fileSchema.split(",").map((name) => name.trim());
  const items: Json[] = [];
  for (const file of files) {
    const text = await readObject(calls, { Bucket, Key: (file as JsonObject)["key"]! }, as);
    for (const item of readCsv(text, { CSVHeaderLocation: "GIVEN", CSVHeaders })) items.push(item);
  }
  return items;
}

function readCsv(text: string, config: NonNullable<Reader["ReaderConfig"]>): Json[] {
  const delimiter = DELIMITERS[config.CSVDelimiter ?? "COMMA"];
  const rows: string[][] = parseCsv(text, { delimiter, relax_column_count: true, skip_empty_lines: true });
  const given = config.CSVHeaderLocation === "GIVEN";
  const headers = given ? (config.CSVHeaders ?? []) : (rows.shift() ?? []);
  return rows.map((row) => Object.fromEntries(headers.map((name, index) => [name, row[index] ?? ""])));
}

function parseJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw fail(`The object is not JSON: ${(error as Error).message}`);
  }
}

function requireArray(value: Json): Json[] {
  if (Array.isArray(value)) return value;
  throw fail("The object must contain a JSON array.");
}

async function reading<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw fail((error as Error).message);
  }
}
