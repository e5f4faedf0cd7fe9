import { isEqual, isObject, type Json } from "../json.ts";
import type { Filter, Operand, Path, Segment } from "./parse.ts";

export type Found = { found: true; value: Json } | { found: false; reason: string };

/** One value, or for a path that is not definite the list of all values. The reason is in Jayway's words. */
export function evaluatePath({ segments, definite }: Path, root: Json): Found {
  if (!definite) return { found: true, value: evaluateSegments(segments, root, root) };
  let value = root;
  for (const [index, segment] of segments.entries()) {
    const [next] = applySegment(segment, value, root);
    if (next === undefined) return { found: false, reason: describeMissing(segments, index, value) };
    value = next;
  }
  return { found: true, value };
}

function describeMissing(segments: Segment[], index: number, value: Json): string {
  const segment = segments[index]!;
  const upTo = (end: number) =>
    `$${segments
      .slice(0, end)
      .map((one) =>
        one.type === "names"
          ? `['${one.names[0]}']`
          : one.type === "indices"
            ? `[${one.indices[0]}]`
            : ".length()",
      )
      .join("")}`;
  if (segment.type === "indices")
    return Array.isArray(value)
      ? `Index out of bounds when evaluating path ${upTo(index + 1)}`
      : `Filter: ${upTo(index + 1).slice(upTo(index).length)} can only be applied to arrays. Current context is: ${JSON.stringify(value)}`;
  if (segment.type === "names" && !isObject(value))
    return `Expected to find an object with property ['${segment.names[0]}'] in path ${upTo(index)} but found '${javaType(value)}'. This is not a json object according to the JsonProvider: 'com.jayway.jsonpath.spi.json.JacksonJsonProvider'.`;
  const isLeaf = index === segments.length - 1;
  return isLeaf ? `No results for path: ${upTo(index + 1)}` : `Missing property in path ${upTo(index + 1)}`;
}

function javaType(value: Json): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "net.minidev.json.JSONArray";
  if (typeof value === "number") return Number.isInteger(value) ? "java.lang.Integer" : "java.lang.Double";
  return typeof value === "boolean" ? "java.lang.Boolean" : "java.lang.String";
}

function evaluateSegments(segments: Segment[], from: Json, root: Json): Json[] {
  let values: Json[] = [from];
  for (const segment of segments) {
    const next: Json[] = [];
    for (const value of values) for (const found of applySegment(segment, value, root)) next.push(found);
    values = next;
  }
  return values;
}

function applySegment(segment: Segment, value: Json, root: Json): Json[] {
  switch (segment.type) {
    case "names":
      return isObject(value)
        ? segment.names.filter((name) => Object.hasOwn(value, name)).map((name) => value[name]!)
        : [];
    case "indices":
      return Array.isArray(value)
        ? segment.indices.map((index) => value.at(index)).filter((item) => item !== undefined)
        : [];
    case "slice":
      return Array.isArray(value) ? sliceOf(value, segment) : [];
    case "wildcard":
      return childrenOf(value);
    case "descend":
      return descendantsOf(value);
    case "filter":
      return childrenOf(value).filter((one) => matches(segment.filter, one, root));
    case "length":
      return Array.isArray(value) || typeof value === "string" ? [value.length] : [];
  }
}

function sliceOf(list: Json[], { from, to, step = 1 }: Segment & { type: "slice" }): Json[] {
  const part = list.slice(from ?? 0, to ?? list.length);
  return step === 1 ? part : part.filter((_, index) => index % step === 0);
}

const childrenOf = (value: Json): Json[] =>
  Array.isArray(value) ? value : isObject(value) ? Object.values(value) : [];

function descendantsOf(value: Json): Json[] {
  const all: Json[] = [value];
  for (const child of childrenOf(value)) for (const found of descendantsOf(child)) all.push(found);
  return all;
}

function matches(filter: Filter, item: Json, root: Json): boolean {
  switch (filter.type) {
    case "or":
      return matches(filter.left, item, root) || matches(filter.right, item, root);
    case "and":
      return matches(filter.left, item, root) && matches(filter.right, item, root);
    case "not":
      return !matches(filter.of, item, root);
    case "exists":
      return read(filter.operand, item, root) !== undefined;
    case "compare": {
      const left = read(filter.left, item, root);
      const right = read(filter.right, item, root);
      if (filter.operator === "==" || filter.operator === "!=") {
        const equal = left === right || (left !== undefined && right !== undefined && isEqual(left, right));
        return equal === (filter.operator === "==");
      }
      const comparable =
        (typeof left === "number" && typeof right === "number") ||
        (typeof left === "string" && typeof right === "string");
      if (!comparable) return false;
      if (filter.operator === "<") return left < right;
      if (filter.operator === ">") return left > right;
      return filter.operator === "<=" ? left <= right : left >= right;
    }
  }
}

const read = (operand: Operand, item: Json, root: Json): Json | undefined =>
  operand.type === "value"
    ? operand.value
    : evaluateSegments(operand.segments, operand.from === "item" ? item : root, root)[0];
