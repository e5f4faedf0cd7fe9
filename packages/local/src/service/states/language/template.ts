// JSONPath states: paths, payload templates and intrinsic functions.
import { EvaluationError, QUERY_EVALUATION, runtimeError } from "./error.ts";
import { evaluateCall } from "./intrinsic/call.ts";
import { parseCall } from "./intrinsic/parse.ts";
import { isObject, setOwn, type Json, type JsonObject } from "./json.ts";
import { evaluatePath } from "./path/evaluate.ts";
import { keysOf, parsePath, type Path } from "./path/parse.ts";
import type { Scope } from "./scope.ts";

/** A field that may be a path, such as InputPath. Its error has Jayway's words. */
export function readPathField(text: string, scope: Scope): Json {
  const found = find(parsePath(text), scope);
  if (found.found) return found.value;
  throw runtimeError(`Invalid path '${text}' : ${found.reason}`);
}

/** A field of a template, or one such as CausePath. `field` is its name, for the error. */
export function readExpression(text: string, field: string, scope: Scope): Json {
  const read = (path: Path) => {
    const found = find(path, scope);
    if (found.found) return found.value;
    const where = path.root.type === "context" ? scope.context : scope.input;
    throw runtimeError(
      `The JSONPath '${path.text}' specified for the field '${field}' could not be found in the input '${JSON.stringify(where)}'`,
    );
  };
  return text.startsWith("States.")
    ? evaluateCall(parseCall(text), read, scope.chance)
    : read(parsePath(text));
}

function find(path: Path, { input, context, variables }: Scope) {
  if (path.root.type === "input") return evaluatePath(path, input);
  if (path.root.type === "context") return evaluatePath(path, context);
  const { name } = path.root;
  const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (value === undefined)
    throw new EvaluationError(QUERY_EVALUATION, `The variable '$${name}' referenced does not exist`);
  return evaluatePath(path, value);
}

/** Parameters, ResultSelector, ItemSelector and Assign: a key that ends with `.$` has a path as its value. */
export function evaluateTemplate(template: Json, scope: Scope): Json {
  if (Array.isArray(template)) return template.map((item) => evaluateTemplate(item, scope));
  if (!isObject(template)) return template;
  const result: JsonObject = {};
  for (const [key, value] of Object.entries(template)) {
    if (key.endsWith(".$") && typeof value === "string")
      setOwn(result, key.slice(0, -2), readExpression(value, key, scope));
    else setOwn(result, key, evaluateTemplate(value, scope));
  }
  return result;
}

/** Puts a result into the input at a reference path. Missing objects are created. */
export function placeResult(input: Json, text: string, result: Json): Json {
  const keys = keysOf(parsePath(text));
  if (keys.length === 0) return result;
  const copy = structuredClone(input);
  if (!isObject(copy) && !Array.isArray(copy)) throw noMatch(text, input);
  let at: Json = copy;
  for (const [index, key] of keys.entries()) {
    const last = index === keys.length - 1;
    if (typeof key === "number" ? !Array.isArray(at) || key >= at.length : !isObject(at))
      throw noMatch(text, input);
    const holder = at as JsonObject;
    const found: Json | undefined = Object.hasOwn(holder, key) ? holder[key] : undefined;
    if (last) setOwn(holder, String(key), result);
    else if (found === undefined) setOwn(holder, String(key), {});
    at = last ? at : holder[key]!;
  }
  return copy;
}

const noMatch = (path: string, input: Json) =>
  new EvaluationError(
    "States.ResultPathMatchFailure",
    `Unable to apply ResultPath '${path}' to input '${JSON.stringify(input)}'`,
  );
