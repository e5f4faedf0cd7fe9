// The AWS query protocol: form input ("Entry.1.Id=a") and XML output. Used by STS, and by older clients of SQS and
// CloudWatch.
import type { NormalizedSchema } from "@smithy/core/schema";
import { escapeXml, type Codec } from "./codec.ts";
import { readText } from "./text.ts";

/** A form's dotted names as a tree: { Entry: { 1: { Id: "a" } } }. */
interface Tree {
  text?: string;
  children: Map<string, Tree>;
}

export function readQuery(schema: NormalizedSchema, form: URLSearchParams): Record<string, unknown> {
  const root: Tree = { children: new Map() };
  for (const [key, text] of form) {
    let node = root;
    for (const part of key.split(".")) {
      let child = node.children.get(part);
      if (!child) node.children.set(part, (child = { children: new Map() }));
      node = child;
    }
    node.text = text;
  }
  return schema.isStructSchema() ? (readNode(schema, root) as Record<string, unknown>) : {};
}

function readNode(schema: NormalizedSchema, node: Tree): unknown {
  if (schema.isStructSchema()) {
    const value: Record<string, unknown> = {};
    for (const [name, member] of schema.structIterator()) {
      const child = node.children.get(member.getMergedTraits().xmlName ?? name) ?? node.children.get(name);
      if (child) value[name] = readNode(member, child);
    }
    return value;
  }
  if (schema.isListSchema()) {
    const item = schema.getValueSchema();
    return numbered(
      node.children.get(item.getMergedTraits().xmlName ?? "member") ?? node.children.get("member") ?? node,
    ).map((child) => readNode(item, child));
  }
  if (schema.isMapSchema()) {
    const keyName = schema.getKeySchema().getMergedTraits().xmlName ?? "key";
    const item = schema.getValueSchema();
    const valueName = item.getMergedTraits().xmlName ?? "value";
    return Object.fromEntries(
      numbered(node.children.get("entry") ?? node).map((entry) => [
        entry.children.get(keyName)?.text ?? "",
        readNode(item, entry.children.get(valueName) ?? { children: new Map() }),
      ]),
    );
  }
  return readText(schema, node.text ?? "");
}

const numbered = (node: Tree) =>
  [...node.children]
    .filter(([key]) => /^\d+$/.test(key))
    .toSorted(([a], [b]) => Number(a) - Number(b))
    .map(([, child]) => child);

export function writeQuery(
  operation: { name: string; output: NormalizedSchema },
  output: unknown,
  codec: Codec,
  xmlns: string,
  requestId: string,
): string {
  const result = operation.output.isStructSchema()
    ? `<${operation.name}Result>${inner(String(codec.write(operation.output, output)))}</${operation.name}Result>`
    : "";
  return (
    `<?xml version="1.0"?>\n<${operation.name}Response xmlns="${xmlns}">${result}` +
    `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${operation.name}Response>`
  );
}

/** The content of the root element. */
function inner(xml: string) {
  const root = xml.slice(xml.indexOf("?>") + 2).trim();
  if (/^<[^>]*\/>$/.test(root)) return "";
  return root.slice(root.indexOf(">") + 1, root.lastIndexOf("</"));
}

export function queryError(
  code: string,
  message: string,
  status: number,
  xmlns: string,
  requestId: string,
): string {
  return (
    `<?xml version="1.0"?>\n<ErrorResponse xmlns="${xmlns}"><Error><Type>${status < 500 ? "Sender" : "Receiver"}</Type>` +
    `<Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`
  );
}
