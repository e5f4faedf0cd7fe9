// Compiles a pattern to alternatives of conditions on dotted paths: fields are ANDed, array members ORed, and `$or`
// multiplies the alternatives.
import { PatternError } from "./error.ts";
import { compileMember, isOperator, type ValueTest } from "./operators.ts";

export interface Condition {
  path: string;
  anyOf: ValueTest[];
}
export type Alternative = Condition[];

/** The limit of combinations of `$or`. */
const MAX_ALTERNATIVES = 1000;

export function compilePattern(source: string): Alternative[] {
  let pattern: unknown;
  try {
    pattern = JSON.parse(source);
  } catch (cause) {
    throw new PatternError("it is not valid JSON", { cause });
  }
  if (!isObject(pattern)) throw new PatternError("Filter is not an object");
  return conditions(pattern, "");
}

function conditions(pattern: Record<string, unknown>, prefix: string): Alternative[] {
  const fields = Object.entries(pattern);
  if (fields.length === 0) throw new PatternError("Empty objects are not allowed");
  let alternatives: Alternative[] = [[]];
  for (const [field, value] of fields) {
    const path = prefix ? `${prefix}.${field}` : field;
    alternatives = product(
      alternatives,
      field === "$or" ? parseOr(value, prefix) : parseField(value, path, field),
    );
  }
  return alternatives;
}

function parseField(value: unknown, path: string, field: string): Alternative[] {
  if (isObject(value)) return conditions(value, path);
  if (!Array.isArray(value)) throw new PatternError(`"${field}" must be an object or an array`);
  if (value.length === 0) throw new PatternError("Empty arrays are not allowed");
  return [[{ path, anyOf: value.map((member) => compileMember(member, field)) }]];
}

function parseOr(value: unknown, prefix: string): Alternative[] {
  const choices: unknown[] = Array.isArray(value) ? value : [];
  if (choices.length < 2) throw new PatternError("There must be at least 2 objects in $or relationship");
  return choices.flatMap((choice) => {
    if (!isObject(choice)) throw new PatternError("Only objects are allowed in $or relationship");
    const reserved = Object.keys(choice).find(isOperator);
    if (reserved) throw new PatternError(`"${reserved}" is reserved and cannot be a field in $or`);
    return conditions(choice, prefix);
  });
}

function product(left: Alternative[], right: Alternative[]): Alternative[] {
  if (left.length * right.length > MAX_ALTERNATIVES)
    throw new PatternError(`$or makes more than ${MAX_ALTERNATIVES} combinations`);
  return left.flatMap((one) => right.map((other) => [...one, ...other]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
