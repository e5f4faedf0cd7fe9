// Streams the elements of a JSON document's top-level arrays. A COCO file may exceed the maximum string length.
import { MAX_LINE_LENGTH } from "./lines.ts";

export interface JsonElement {
  /** The name of the array. */
  name: string;
  /** From 0. */
  index: number;
  json: string;
}

export class JsonError extends Error {}

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const ARRAY = 0x5b;
const opens = (byte: number) => byte === 0x7b || byte === ARRAY;
const closes = (byte: number) => byte === 0x7d || byte === 0x5d;
const isSpace = (byte: number) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/** Yields elements of the `wanted` arrays. Throws a JsonError if the document is not a JSON object. */
export async function* readElements(
  bytes: AsyncIterable<Uint8Array>,
  wanted: ReadonlySet<string>,
): AsyncGenerator<JsonElement> {
  let [depth, index, held, position] = [0, 0, 0, 0];
  let [inString, escaped, ended] = [false, false, false];
  /** The current top-level name. */
  let name = "";
  let isName = false;
  let inArray = false;
  let parts: Uint8Array[] = [];

  for await (const chunk of bytes) {
    let from: number = inArray && depth >= 2 ? 0 : -1;
    const holdUntil = (end: number) => {
      if (from < 0 || end <= from) return;
      held += end - from;
      if (held > MAX_LINE_LENGTH)
        throw new JsonError(`An entry of "${name}" has more than ${MAX_LINE_LENGTH} bytes.`);
      parts.push(chunk.subarray(from, end));
    };
    const finish = (end: number): JsonElement | undefined => {
      holdUntil(end);
      const json = Buffer.concat(parts).toString().trim();
      [parts, held] = [[], 0];
      return json === "" ? undefined : { name, index: index++, json };
    };
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at]!;
      if (position + at === 0 && byte === 0xef) at += 2;
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) inString = false;
        if (isName && inString) name += String.fromCharCode(byte);
        continue;
      }
      if (byte === QUOTE) {
        inString = true;
        isName &&= depth === 1;
        if (isName) name = "";
      } else if (opens(byte)) {
        if (ended || (depth === 0 && byte === ARRAY)) throw new JsonError("It is not a JSON object.");
        depth += 1;
        if (depth === 1) isName = true;
        if (depth === 2 && byte === ARRAY && wanted.has(name)) [inArray, index, from] = [true, 0, at + 1];
      } else if (closes(byte)) {
        if (depth === 2 && inArray) {
          const last = finish(at);
          if (last) yield last;
          [inArray, from] = [false, -1];
        }
        depth -= 1;
        if (depth < 0) throw new JsonError("It has too many closing brackets.");
        ended = depth === 0;
      } else if (byte === COMMA && depth === 2 && inArray) {
        const one = finish(at);
        if (one) yield one;
        from = at + 1;
      } else if (byte === COMMA && depth === 1) isName = true;
      else if (byte === COLON && depth === 1) isName = false;
      else if (depth === 0 && !isSpace(byte) && byte !== 0xef)
        throw new JsonError("It is not a JSON object.");
    }
    if (inArray) holdUntil(chunk.length);
    position += chunk.length;
  }
  if (!ended) throw new JsonError("It is incomplete.");
}
