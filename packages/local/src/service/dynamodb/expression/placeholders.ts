// ExpressionAttributeNames and ExpressionAttributeValues: resolved while parsing; all must be used.
import type { AwsError } from "../../../kernel/error.ts";
import { invalid } from "../error.ts";
import { readValue, type Value } from "../value/value.ts";
import { reservedWords } from "./reserved.ts";

export type Placeholders = ReturnType<typeof readPlaceholders>;

interface Input {
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Record<string, unknown>;
}

/** `expressions`: the request's expressions, by parameter name. */
export function readPlaceholders(input: Input, expressions: Record<string, string | undefined>) {
  const names = input.ExpressionAttributeNames;
  const given = input.ExpressionAttributeValues;
  const none = Object.values(expressions).every((expression) => expression === undefined);
  if (names) checkMap("ExpressionAttributeNames", names, /^#[A-Za-z0-9_]+$/, none);
  if (given) checkMap("ExpressionAttributeValues", given, /^:[A-Za-z0-9_]+$/, none);
  const values = new Map<string, Value>();
  for (const [key, value] of Object.entries(given ?? {})) {
    try {
      values.set(key, readValue(value));
    } catch (error) {
      throw invalid(
        `ExpressionAttributeValues contains invalid value: ${(error as AwsError).message} for key ${key}`,
      );
    }
  }
  const used = new Set<string>();

  return {
    /** The attribute name of a word or #placeholder. */
    name(parameter: string, token: string): string {
      if (!token.startsWith("#")) {
        if (!reservedWords.has(token.toUpperCase())) return token;
        throw invalid(
          `Invalid ${parameter}: Attribute name is a reserved keyword; reserved keyword: ${token}`,
        );
      }
      if (!names || !Object.hasOwn(names, token)) {
        throw invalid(
          `Invalid ${parameter}: An expression attribute name used in the document path is not defined; attribute name: ${token}`,
        );
      }
      used.add(token);
      return names[token]!;
    },
    value(parameter: string, token: string): Value {
      const value = values.get(token);
      if (!value) {
        throw invalid(
          `Invalid ${parameter}: An expression attribute value used in expression is not defined; attribute value: ${token}`,
        );
      }
      used.add(token);
      return value;
    },
    /** Throws when a placeholder is unused. Call it after parsing every expression of the request. */
    allUsed() {
      for (const [parameter, map] of Object.entries({
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: given,
      })) {
        const unused = Object.keys(map ?? {}).filter((key) => !used.has(key));
        if (unused.length === 0) continue;
        throw invalid(`Value provided in ${parameter} unused in expressions: keys: {${unused.join(", ")}}`);
      }
    },
  };
}

function checkMap(parameter: string, map: Record<string, unknown>, syntax: RegExp, noExpression: boolean) {
  if (noExpression) throw invalid(`${parameter} can only be specified when using expressions`);
  const keys = Object.keys(map);
  if (keys.length === 0) throw invalid(`${parameter} must not be empty`);
  const wrong = keys.find((key) => !syntax.test(key));
  if (wrong !== undefined) throw invalid(`${parameter} contains invalid key: Syntax error; key: "${wrong}"`);
}
