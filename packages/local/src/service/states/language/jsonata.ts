// JSONata states: a text `{% expression %}` anywhere in a field is replaced by the expression's value.
import { createHash } from "node:crypto";
import jsonata from "jsonata";
import { EvaluationError, QUERY_EVALUATION } from "./error.ts";
import { isObject, setOwn, type Json, type JsonObject } from "./json.ts";
import type { Scope } from "./scope.ts";

/** `$states` of a state: what exists depends on how far the state is. */
export interface StatesVariable {
  input: Json;
  context: JsonObject;
  result?: Json;
  errorOutput?: Json;
}

const EXPRESSION = /^\{%([\s\S]*)%\}$/;

export const isExpression = (value: Json): value is string => expressionOf(value) !== undefined;

/** What is between `{%` and `%}`. */
export const expressionOf = (value: Json): string | undefined =>
  typeof value === "string" ? EXPRESSION.exec(value)?.[1]?.trim() : undefined;

const compiled = new Map<string, jsonata.Expression>();
const MAX_CACHED = 1_000;

function compile(source: string): jsonata.Expression {
  const known = compiled.get(source);
  if (known) return known;
  const expression = jsonata(source);
  if (compiled.size < MAX_CACHED) compiled.set(source, expression);
  return expression;
}

/** `location` is the field's name, with the path inside of it: `Assign/total`. */
export async function evaluateJsonata(
  value: Json,
  location: string,
  states: StatesVariable,
  scope: Scope,
): Promise<Json> {
  if (isExpression(value)) return evaluateExpression(value, location, states, scope);
  if (Array.isArray(value))
    return Promise.all(
      value.map((item, index) => evaluateJsonata(item, `${location}[${index}]`, states, scope)),
    );
  if (!isObject(value)) return value;
  const result: JsonObject = {};
  for (const [key, item] of Object.entries(value))
    setOwn(result, key, await evaluateJsonata(item, `${location}/${key}`, states, scope));
  return result;
}

async function evaluateExpression(text: string, location: string, states: StatesVariable, scope: Scope) {
  const source = expressionOf(text)!;
  const fail = (what: string) =>
    new EvaluationError(
      QUERY_EVALUATION,
      `The JSONata expression '${source}' specified for the field '${location}' ${what}`,
      location,
    );
  let value: unknown;
  try {
    value = await compile(source).evaluate(undefined, { ...scope.variables, ...functionsFor(scope), states });
  } catch (cause) {
    const { code, message } = cause as { code?: string; message: string };
    throw fail(`threw an error during evaluation. ${code ? `${code}: ` : ""}${message}`);
  }
  if (value === undefined) throw fail("returned nothing (undefined).");
  if (typeof value === "function" || isJsonataFunction(value)) throw fail("returned a function.");
  // JSONata marks its arrays with properties of its own.
  return JSON.parse(JSON.stringify(value)) as Json;
}

const isJsonataFunction = (value: unknown) =>
  typeof value === "object" && value !== null && "_jsonata_function" in value;

/** As AWS returns it: one item alone is no list, as in JSONata's sequences. */
function range(first: number, last: number, step: number) {
  const items = Array.from(
    { length: Math.max(0, Math.floor((last - first) / step) + 1) },
    (_, index) => first + index * step,
  );
  return items.length === 1 ? items[0] : items;
}

function functionsFor({ chance }: Scope): Record<string, unknown> {
  return {
    partition: (items: Json[], size: number) =>
      Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
        items.slice(index * size, (index + 1) * size),
      ),
    range,
    hash: (text: string, algorithm = "SHA-1") =>
      createHash(algorithm.replace("-", "").toLowerCase()).update(text).digest("hex"),
    random: () => chance.random(),
    uuid: () => chance.uuid(),
    parse: (text: string) => JSON.parse(text) as Json,
    eval: undefined,
  };
}
