// XML with elements and text. Document types are rejected: entities can read any file, or expand to billions of characters.
import { XMLBuilder, XMLParser, XMLValidator } from "fast-xml-parser";
import { isObject, type Json } from "./json.ts";

const parser = new XMLParser({
  ignoreAttributes: false,
  parseTagValue: false,
  trimValues: false,
  // Also enables character references.
  htmlEntities: true,
});
const builder = new XMLBuilder({ ignoreAttributes: false, format: true, indentBy: "  " });

/** The document, or the line and message of its error. */
export function parseXml(text: string): Json | { line?: number; wrong: string } {
  const bare = text.replace(/^\uFEFF/, "");
  if (/<!DOCTYPE|<!ENTITY/i.test(bare)) return { wrong: "It has a document type, which is not allowed." };
  const checked = XMLValidator.validate(bare);
  if (checked !== true) return { line: checked.err.line, wrong: checked.err.msg };
  try {
    return withoutLayout(parser.parse(bare)) as Json;
  } catch (error) {
    return { wrong: (error as Error).message };
  }
}

export const buildXml = (document: Json) => builder.build(document);

/** Removes white space between elements. */
function withoutLayout(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutLayout);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([name, one]) => name !== "#text" || String(one).trim() !== "");
  return Object.fromEntries(kept.map(([name, one]) => [name, withoutLayout(one)]));
}

export const list = (value: unknown): unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

/** Characters that XML does not allow, and the carriage return, which parsers convert to a line feed. */
// oxlint-disable-next-line no-control-regex -- matches control characters
export const FORBIDDEN_CHARACTER = /[\u0000-\u0008\u000b-\u001f\ud800-\udfff\ufffe\uffff]/u;

/** Whether the value is the same after writing and parsing: texts in elements with valid names. */
export function isXml(value: unknown): boolean {
  if (typeof value === "string")
    return value !== "" && value.trim() === value && !FORBIDDEN_CHARACTER.test(value);
  if (Array.isArray(value))
    return value.length > 1 && value.every((one) => !Array.isArray(one) && isXml(one));
  if (!isObject(value) || Object.keys(value).length === 0) return false;
  return Object.entries(value).every(([name, one]) => isXmlName(name) && isXml(one));
}

export const isXmlName = (name: string) =>
  /^(@_)?[A-Za-z_][\w.-]*$/.test(name) && !/^(xml|__proto__|constructor$|prototype$)/i.test(name);
