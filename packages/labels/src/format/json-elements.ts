// The elements of a JSON document's top-level arrays, one at a time: a COCO file may be larger than any string can be.
import { LINE_LIMIT } from "./lines.ts";

export interface Element {
  /** The array's name in the document. */
  name: string;
  /** Its place in the array, from 0. */
  index: number;
  json: string;
}

export class JsonBroken extends Error {}

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const ARRAY = 0x5b;
const opens = (byte: number) => byte === 0x7b || byte === ARRAY;
const closes = (byte: number) => byte === 0x7d || byte === 0x5d;
const isSpace = (byte: number) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/** Only of the arrays that are `wanted`. Throws a JsonBroken where the document is not one JSON object. */
export async function* elements(
  bytes: AsyncIterable<Uint8Array>,
  wanted: ReadonlySet<string>,
): AsyncGenerator<Element> {
  let [depth, index, held, position] = [0, 0, 0, 0];
  let [inString, escaped, ended] = [false, false, false];
  /** The top-level name being read, then the one whose value is being read. */
  let name = "";
  let isName = false;
  let inArray = false;
  let parts: Uint8Array[] = [];

  for await (const piece of bytes) {
    let from: number = inArray && depth >= 2 ? 0 : -1;
    const keep = (end: number) => {
      if (from < 0 || end <= from) return;
      held += end - from;
      if (held > LINE_LIMIT)
        throw new JsonBroken(`An entry of "${name}" holds more than ${LINE_LIMIT} bytes.`);
      parts.push(piece.subarray(from, end));
    };
    const finish = (end: number): Element | undefined => {
      keep(end);
      const json = Buffer.concat(parts).toString().trim();
      [parts, held] = [[], 0];
      return json === "" ? undefined : { name, index: index++, json };
    };
    for (let at = 0; at < piece.length; at += 1) {
      const byte = piece[at]!;
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
        if (ended || (depth === 0 && byte === ARRAY)) throw new JsonBroken("It is not one JSON object.");
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
        if (depth < 0) throw new JsonBroken("It closes more brackets than it opens.");
        ended = depth === 0;
      } else if (byte === COMMA && depth === 2 && inArray) {
        const one = finish(at);
        if (one) yield one;
        from = at + 1;
      } else if (byte === COMMA && depth === 1) isName = true;
      else if (byte === COLON && depth === 1) isName = false;
      else if (depth === 0 && !isSpace(byte) && byte !== 0xef)
        throw new JsonBroken("It is not one JSON object.");
    }
    if (inArray) keep(piece.length);
    position += piece.length;
  }
  if (!ended) throw new JsonBroken("It ends in the middle.");
}
