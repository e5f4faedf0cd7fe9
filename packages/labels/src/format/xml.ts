// XML as label files use it: elements and text. A document type is refused whole, for its entities can name any file
// and stand for a billion characters.
import { XMLBuilder, XMLParser, XMLValidator } from "fast-xml-parser";
import { isObject, type Json } from "./json.ts";

const parser = new XMLParser({
  ignoreAttributes: false,
  parseTagValue: false,
  trimValues: false,
  // Character references too.
  htmlEntities: true,
});
const builder = new XMLBuilder({ ignoreAttributes: false, format: true, indentBy: "  " });

/** The document, or the line and what is wrong there. */
export function parseXml(text: string): Json | { line?: number; wrong: string } {
  const bare = text.replace(/^\uFEFF/, "");
  if (/<!DOCTYPE|<!ENTITY/i.test(bare)) return { wrong: "It has a document type, which is refused." };
  const checked = XMLValidator.validate(bare);
  if (checked !== true) return { line: checked.err.line, wrong: checked.err.msg };
  try {
    return cleaned(parser.parse(bare)) as Json;
  } catch (error) {
    return { wrong: (error as Error).message };
  }
}

export const buildXml = (document: Json) => builder.build(document);

/** Between elements, white space is only layout. */
function cleaned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(cleaned);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([name, one]) => name !== "#text" || String(one).trim() !== "");
  return Object.fromEntries(kept.map(([name, one]) => [name, cleaned(one)]));
}

export const list = (value: unknown): unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

/** Characters that no XML document may hold, not even as references, and the return, which parsers turn into a line feed. */
// oxlint-disable-next-line no-control-regex -- control characters are exactly what is looked for
export const UNHOLDABLE = /[\u0000-\u0008\u000b-\u001f\ud800-\udfff\ufffe\uffff]/u;

/** Whether building and parsing again gives the same value: texts in elements with legal names. */
export function isXml(value: unknown): boolean {
  if (typeof value === "string") return value !== "" && value.trim() === value && !UNHOLDABLE.test(value);
  if (Array.isArray(value))
    return value.length > 1 && value.every((one) => !Array.isArray(one) && isXml(one));
  if (!isObject(value) || Object.keys(value).length === 0) return false;
  return Object.entries(value).every(([name, one]) => isXmlName(name) && isXml(one));
}

export const isXmlName = (name: string) =>
  /^(@_)?[A-Za-z_][\w.-]*$/.test(name) && !/^(xml|__proto__|constructor$|prototype$)/i.test(name);
