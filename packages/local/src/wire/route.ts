// Finds the operation a REST request means, and where each member of its input and output travels.
import type { NormalizedSchema } from "@smithy/core/schema";
import type { ModelledOperation } from "./model.ts";

export interface Member {
  name: string;
  schema: NormalizedSchema;
  traits: Record<string, any>;
}

export interface Route {
  method: string;
  status: number;
  segments: Array<{ literal: string } | { label: string; greedy: boolean }>;
  /** Query members that must be there; an empty value stands for "any". */
  literals: Array<[string, string]>;
  requiredQuery: string[];
  requiredHeaders: string[];
  input: Member[];
  output: Member[];
  /** S3 only: whether the operation is about a bucket. */
  onBucket: boolean;
}

export interface RestRequest {
  method: string;
  /** Still percent-encoded; for S3 without the bucket. */
  path: string;
  query: URLSearchParams;
  headers: Record<string, string>;
  bucket?: string;
}

export function compileRoute(
  { name, input, output }: Pick<ModelledOperation, "name" | "input" | "output">,
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

export interface Match {
  operation: ModelledOperation;
  labels: Record<string, string>;
}

/** The most specific operation that fits; between equals, the one the SDK names in `x-id`, then one that is built. */
export function matchRoute(
  operations: Iterable<ModelledOperation>,
  request: RestRequest,
  isBuilt: (name: string) => boolean,
): Match | undefined {
  const parts = splitPath(request.path);
  let best: (Match & { score: number }) | undefined;
  for (const operation of operations) {
    const route = operation.route;
    if (!route || route.method !== request.method || route.onBucket !== (request.bucket !== undefined))
      continue;
    const labels = matchPath(route, parts);
    if (!labels) continue;
    if (
      !route.literals.every(
        ([key, value]) => request.query.has(key) && ["", request.query.get(key)].includes(value),
      )
    )
      continue;
    if (!route.requiredQuery.every((key) => request.query.has(key))) continue;
    if (!route.requiredHeaders.every((key) => request.headers[key] !== undefined)) continue;
    const specific = route.literals.length + route.requiredQuery.length + route.requiredHeaders.length;
    const named = request.query.get("x-id") === operation.name ? 2 : 0;
    const score = specific * 4 + named + (isBuilt(operation.name) ? 1 : 0);
    if (!best || score > best.score) best = { operation, labels, score };
  }
  return best;
}

function matchPath(route: Route, parts: string[]): Record<string, string> | undefined {
  const labels: Record<string, string> = {};
  for (const [index, segment] of route.segments.entries()) {
    if ("literal" in segment) {
      if (parts[index] !== segment.literal) return undefined;
    } else if (segment.greedy) {
      const rest = parts.slice(index).join("/");
      if (rest === "") return undefined;
      labels[segment.label] = rest;
      return labels;
    } else {
      if (!parts[index]) return undefined;
      labels[segment.label] = parts[index];
    }
  }
  return parts.length === route.segments.length ? labels : undefined;
}

function splitPath(path: string) {
  const inner = path.startsWith("/") ? path.slice(1) : path;
  return inner === "" ? [] : inner.split("/");
}
