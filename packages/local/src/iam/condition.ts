// Condition blocks: every operator must match for every key; one matching value of a key is enough.
import { expandVariables, matchesWildcard, type Context } from "./pattern.ts";

type Test = (wanted: string, actual: string) => boolean;

const number =
  (compare: (a: number, b: number) => boolean): Test =>
  (wanted, actual) =>
    compare(Number(actual), Number(wanted));
const date =
  (compare: (a: number, b: number) => boolean): Test =>
  (wanted, actual) =>
    compare(Date.parse(actual), Date.parse(wanted));
const equal: Test = (wanted, actual) => wanted === actual;
const equalIgnoreCase: Test = (wanted, actual) => wanted.toLowerCase() === actual.toLowerCase();
const wildcardMatch: Test = (wanted, actual) => matchesWildcard(wanted, actual);

const OPERATORS: Record<string, Test> = {
  StringEquals: equal,
  StringEqualsIgnoreCase: equalIgnoreCase,
  StringLike: wildcardMatch,
  ArnEquals: wildcardMatch,
  ArnLike: wildcardMatch,
  Bool: equalIgnoreCase,
  NumericEquals: number((a, b) => a === b),
  NumericLessThan: number((a, b) => a < b),
  NumericLessThanEquals: number((a, b) => a <= b),
  NumericGreaterThan: number((a, b) => a > b),
  NumericGreaterThanEquals: number((a, b) => a >= b),
  DateLessThan: date((a, b) => a < b),
  DateGreaterThan: date((a, b) => a > b),
};

const NEGATED: Record<string, Test> = {
  StringNotEquals: equal,
  StringNotEqualsIgnoreCase: equalIgnoreCase,
  StringNotLike: wildcardMatch,
  ArnNotEquals: wildcardMatch,
  ArnNotLike: wildcardMatch,
  NumericNotEquals: number((a, b) => a === b),
};

export function matchesConditions(
  conditions: Record<string, Record<string, string | string[]>> | undefined,
  context: Context,
): boolean {
  return Object.entries(conditions ?? {}).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) =>
      conditionHolds(operator, [wanted].flat().map(String), context[key.toLowerCase()], context),
    ),
  );
}

function conditionHolds(
  written: string,
  wanted: string[],
  actual: string | undefined,
  context: Context,
): boolean {
  // ForAllValues and ForAnyValue differ only for keys with several values, which this cloud never sends.
  const unqualified = written.replace(/^ForA(ll|ny)Values:/, "");
  const ifExists = unqualified.endsWith("IfExists");
  const operator = ifExists ? unqualified.slice(0, -"IfExists".length) : unqualified;
  if (operator === "Null") return wanted.some((value) => (value === "true") === (actual === undefined));
  if (actual === undefined) return ifExists || operator in NEGATED || written.startsWith("ForAllValues:");
  const any = (test: Test) => wanted.some((value) => test(expandVariables(value, context), actual));
  if (OPERATORS[operator]) return any(OPERATORS[operator]);
  if (NEGATED[operator]) return !any(NEGATED[operator]);
  throw new Error(`The embedded AWS does not know the IAM condition operator "${written}".`);
}
