// The fields of a Map state: its items, their inputs, and its limits.
import { EvaluationError, QUERY_EVALUATION, runtimeError } from "../../language/error.ts";
import type { Json, JsonObject } from "../../language/json.ts";
import { evaluateJsonata, isExpression } from "../../language/jsonata.ts";
import { evaluateTemplate, readPathField } from "../../language/template.ts";
import type { MapState } from "../definition.ts";
import type { Branch } from "../execution.ts";
import { effectiveInput, evaluateField } from "../fields.ts";
import { scopeOf, usesJsonata, type EvaluationContext, type Run } from "../run.ts";

const typeName = (value: Json) => (value === null ? "null" : typeof value);

export async function findItems(run: Run, branch: Branch, state: MapState): Promise<Json[]> {
  if (!usesJsonata(run.execution, state)) {
    const input = effectiveInput(run, branch, state);
    const path = state.ItemsPath ?? "$";
    const items = readPathField(path, scopeOf(run, branch, input));
    if (Array.isArray(items)) return items;
    throw runtimeError(`Reference path "${path}" must point to array.`);
  }
  const fail = (cause: string, location?: string) => new EvaluationError(QUERY_EVALUATION, cause, location);
  if (state.Items === undefined) {
    if (Array.isArray(branch.input)) return branch.input;
    throw fail(`Map state input must be an array but was: ${JSON.stringify(branch.input)}`);
  }
  const items = await evaluateField(run, branch, state.Items, "Items");
  if (Array.isArray(items)) return items;
  const source = isExpression(state.Items) ? state.Items.slice(2, -2).trim() : JSON.stringify(state.Items);
  throw fail(
    `The JSONata expression '${source}' specified for the field 'Items' returned an unexpected result type. ` +
      `Expected 'array', but was '${typeName(items)}' for value: ${JSON.stringify(items)}`,
    "Items",
  );
}

/** The input of one iteration. */
export async function selectItem(
  run: EvaluationContext,
  branch: Branch,
  state: MapState,
  value: Json,
  index: number,
): Promise<Json> {
  const selector = state.ItemSelector ?? state.Parameters;
  if (selector === undefined) return value;
  const scope = scopeOf(run, branch, effectiveInput(run, branch, state));
  const context: JsonObject = { ...scope.context, Map: { Item: { Index: index, Value: value } } };
  if (!usesJsonata(run.execution, state)) return evaluateTemplate(selector, { ...scope, context });
  return evaluateJsonata(selector, "ItemSelector", { input: scope.input, context }, scope);
}

type Limit = "MaxConcurrency" | "ToleratedFailureCount" | "ToleratedFailurePercentage";

/** A number that may be given by a path or an expression. */
export async function readLimit(run: Run, branch: Branch, state: MapState, field: Limit): Promise<number> {
  const path = state[`${field}Path`];
  if (path !== undefined) {
    const value = readPathField(path, scopeOf(run, branch, effectiveInput(run, branch, state)));
    const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    if (typeof number === "number" && !Number.isNaN(number)) return checkLimit(field, number);
    throw runtimeError(
      `The ${field}Path field refers to value "${typeof value === "string" ? value : JSON.stringify(value)}" which is not a valid ${field.endsWith("Percentage") ? "float" : "integer"}: ${path}`,
    );
  }
  const given = state[field] ?? 0;
  const value = isExpression(given) ? await evaluateField(run, branch, given, field) : given;
  if (typeof value === "number") return checkLimit(field, value);
  throw new EvaluationError(
    QUERY_EVALUATION,
    `The field '${field}' must be a number but was: ${JSON.stringify(value)}`,
    field,
  );
}

function checkLimit(field: Limit, value: number): number {
  if (field === "ToleratedFailurePercentage") {
    if (value >= 0 && value <= 100) return value;
    throw runtimeError(`${field} must be between 0 and 100.`);
  }
  if (value >= 0) return value;
  throw runtimeError(`${field} cannot be negative.`);
}
