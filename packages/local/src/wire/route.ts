// The HTTP binding of a REST operation: method, path, and the location of each input and output member.
import type { NormalizedSchema } from "@smithy/core/schema";

export interface Member {
  name: string;
  schema: NormalizedSchema;
  traits: Record<string, any>;
}

export interface Route {
  method: string;
  status: number;
  segments: Array<{ literal: string } | { label: string; greedy: boolean }>;
  /** Required query parameters; an empty value matches any. */
  literals: Array<[string, string]>;
  requiredQuery: string[];
  requiredHeaders: string[];
  input: Member[];
  output: Member[];
  /** S3 only: whether the operation needs a bucket. */
  onBucket: boolean;
}

export function compileRoute(
  { name, input, output }: { name: string; input: NormalizedSchema; output: NormalizedSchema },
  [method, uri, status]: [string, string, number],
): Route {
  const [path, query = ""] = uri.split("?");
  const members = listMembers(input);
  // The seventh element of a structure's literal counts the required members, which come first.
  const required = members.slice(0, (input.getSchema() as any)[6] ?? 0);
  return {
    method,
    status,
    segments: splitPath(path!).map((part) => {
      const label = /^\{(.+?)(\+?)\}$/.exec(part);
      return label ? { label: label[1]!, greedy: label[2] === "+" } : { literal: part };
    }),
    literals: [...new URLSearchParams(query)].filter(([key, value]) => key !== "x-id" || value !== name),
    requiredQuery: required.map((member) => member.traits.httpQuery).filter(Boolean),
    requiredHeaders: required.map((member) => member.traits.httpHeader?.toLowerCase()).filter(Boolean),
    input: members,
    output: listMembers(output),
    onBucket: members.some((member) => member.name === "Bucket" && member.traits.httpLabel),
  };
}

function listMembers(schema: NormalizedSchema): Member[] {
  if (!schema.isStructSchema()) return [];
  return [...schema.structIterator()].map(([name, member]) => ({
    name,
    schema: member,
    traits: member.getMergedTraits(),
  }));
}

export function splitPath(path: string) {
  const inner = path.startsWith("/") ? path.slice(1) : path;
  return inner === "" ? [] : inner.split("/");
}
