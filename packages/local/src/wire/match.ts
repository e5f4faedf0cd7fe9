// Finds the operation that a REST request addresses.
import type { ModelledOperation } from "./model.ts";
import { splitPath, type Route } from "./route.ts";

export interface RestRequest {
  method: string;
  /** Still percent-encoded; for S3 without the bucket. */
  path: string;
  query: URLSearchParams;
  headers: Record<string, string>;
  bucket?: string;
}

export interface Match {
  operation: ModelledOperation;
  labels: Record<string, string>;
}

/** The most specific match; among equals the one in the SDK's `x-id`, then an implemented one. */
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
