// The comparisons of Choice states with JSONPath.
import { runtimeError } from "./error.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";
import { evaluatePath } from "./path/evaluate.ts";
import { parsePath } from "./path/parse.ts";
import type { Scope } from "./scope.ts";
import { readPathField } from "./template.ts";
import { parseTimestamp } from "./timestamp.ts";

const orders = {
  Equals: (order: number) => order === 0,
  LessThan: (order: number) => order < 0,
  GreaterThan: (order: number) => order > 0,
  LessThanEquals: (order: number) => order <= 0,
  GreaterThanEquals: (order: number) => order >= 0,
};

/** By type: the value to compare, or undefined if the value is of another type. */
const kinds: Record<string, (value: Json) => string | number | undefined> = {
  String: (value) => (typeof value === "string" ? value : undefined),
  Numeric: (value) => (typeof value === "number" ? value : undefined),
  Timestamp: (value) => (typeof value === "string" ? parseTimestamp(value) : undefined),
  Boolean: (value) => (typeof value === "boolean" ? Number(value) : undefined),
};

const types: Record<string, (value: Json | undefined) => boolean> = {
  IsPresent: (value) => value !== undefined,
  IsNull: (value) => value === null,
  IsNumeric: (value) => typeof value === "number",
  IsString: (value) => typeof value === "string",
  IsBoolean: (value) => typeof value === "boolean",
  IsTimestamp: (value) => typeof value === "string" && parseTimestamp(value) !== undefined,
};

const COMPARISON =
  /^(String|Numeric|Timestamp|Boolean)(Equals|LessThan|GreaterThan|LessThanEquals|GreaterThanEquals)(Path)?$/;

export function matchesRule(rule: JsonObject, scope: Scope): boolean {
  if (Array.isArray(rule["And"])) return rule["And"].every((one) => matchesRule(one as JsonObject, scope));
  if (Array.isArray(rule["Or"])) return rule["Or"].some((one) => matchesRule(one as JsonObject, scope));
  if (isObject(rule["Not"])) return !matchesRule(rule["Not"], scope);
  const variable = String(rule["Variable"]);
  for (const [operator, operand] of Object.entries(rule)) {
    const test = Object.hasOwn(types, operator) ? types[operator] : undefined;
    if (test) return test(presentOrMissing(variable, scope)) === operand;
    if (operator === "StringMatches") return matchesPattern(readPathField(variable, scope), String(operand));
    const found = COMPARISON.exec(operator);
    if (!found) continue;
    const [, kind, order, byPath] = found;
    const left = kinds[kind!]!(readPathField(variable, scope));
    const right = kinds[kind!]!(byPath ? readPathField(String(operand), scope) : operand);
    if (left === undefined || right === undefined) return false;
    return orders[order as keyof typeof orders](left < right ? -1 : left > right ? 1 : 0);
  }
  throw runtimeError(`The choice rule ${JSON.stringify(rule)} has no comparison`);
}

function presentOrMissing(text: string, { input, context, variables }: Scope): Json | undefined {
  const path = parsePath(text);
  const root =
    path.root.type === "input" ? input : path.root.type === "context" ? context : variables[path.root.name];
  if (root === undefined) return undefined;
  const found = evaluatePath(path, root);
  return found.found ? found.value : undefined;
}

/** `*` matches any characters, `\*` a star. */
function matchesPattern(value: Json, pattern: string): boolean {
  if (typeof value !== "string") return false;
  const source = pattern.replace(/\\(.)|(\*)|([.*+?^${}()|[\]\\/])/g, (_, escaped, star, special) =>
    star ? ".*" : `\\${escaped ?? special}`,
  );
  return new RegExp(`^${source}$`, "s").test(value);
}
