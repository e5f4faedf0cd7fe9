// The fields that all states share: what a state works on, and what it passes on.
import { DATA_LIMIT, EvaluationError, StateError } from "../language/error.ts";
import type { Json, JsonObject } from "../language/json.ts";
import { evaluateJsonata, type StatesVariable } from "../language/jsonata.ts";
import { evaluateTemplate, placeResult, readPathField } from "../language/template.ts";
import type { Catcher, State } from "./definition.ts";
import type { Branch } from "./execution.ts";
import { scopeOf, usesJsonata, type EvaluationContext, type Run } from "./run.ts";

/** AWS's limit of a payload, in bytes of UTF-8. */
export const MAX_PAYLOAD = 262_144;

/** The input after InputPath. With JSONata, the input itself. */
export function effectiveInput(run: EvaluationContext, branch: Branch, state: State): Json {
  if (usesJsonata(run.execution, state) || state.InputPath === undefined) return branch.input;
  return state.InputPath === null ? {} : readPathField(state.InputPath, scopeOf(run, branch));
}

/** Arguments, or Parameters over the effective input. Without either: the effective input. */
export async function evaluateArguments(
  run: Run,
  branch: Branch,
  state: State & { Arguments?: Json; Parameters?: Json },
  extraContext: JsonObject = {},
): Promise<Json> {
  if (usesJsonata(run.execution, state))
    return state.Arguments === undefined
      ? branch.input
      : evaluateField(run, branch, state.Arguments, "Arguments", {}, extraContext);
  const input = effectiveInput(run, branch, state);
  if (state.Parameters === undefined) return input;
  const scope = scopeOf(run, branch, input);
  return evaluateTemplate(state.Parameters, { ...scope, context: { ...scope.context, ...extraContext } });
}

/** A field with JSONata expressions. */
export function evaluateField(
  run: EvaluationContext,
  branch: Branch,
  value: Json,
  location: string,
  also: Pick<StatesVariable, "result" | "errorOutput"> = {},
  extraContext: JsonObject = {},
): Promise<Json> {
  const scope = scopeOf(run, branch);
  const context = { ...scope.context, ...extraContext };
  return evaluateJsonata(value, location, { input: scope.input, context, ...also }, scope);
}

export interface Outcome {
  output: Json;
  assigned?: JsonObject;
}

/** The output and variables of a state that ended with `result`. */
export async function evaluateOutcome(
  run: Run,
  branch: Branch,
  state: State & { ResultSelector?: Json; ResultPath?: string | null },
  result: Json,
): Promise<Outcome> {
  if (usesJsonata(run.execution, state)) return evaluateOutput(run, branch, state, { result }, result);
  const selected =
    state.ResultSelector === undefined
      ? result
      : evaluateTemplate(state.ResultSelector, scopeOf(run, branch, result));
  const assigned = state.Assign && assign(run, branch, state.Assign, selected);
  const placed = place(branch.input, state.ResultPath, selected);
  const output = outputOf(run, branch, state, placed);
  return { output: limited(output), ...(assigned && { assigned }) };
}

/** The same for a state that passes on its input: Choice, Wait, Succeed. */
export async function evaluatePassedInput(
  run: Run,
  branch: Branch,
  state: State,
  from: { Assign?: JsonObject; Output?: Json } = state,
): Promise<Outcome> {
  if (usesJsonata(run.execution, state)) return evaluateOutput(run, branch, from, {}, branch.input);
  const input = effectiveInput(run, branch, state);
  const assigned = from.Assign && assign(run, branch, from.Assign, input);
  return { output: outputOf(run, branch, state, input), ...(assigned && { assigned }) };
}

/** The same for an error that a catcher caught. */
export async function evaluateCaught(
  run: Run,
  branch: Branch,
  state: State,
  catcher: Catcher,
  failure: StateError,
): Promise<Outcome> {
  const errorOutput: JsonObject = { Error: failure.error ?? "", Cause: failure.cause ?? "" };
  if (usesJsonata(run.execution, state))
    return evaluateOutput(run, branch, catcher, { errorOutput }, errorOutput);
  const assigned = catcher.Assign && assign(run, branch, catcher.Assign, errorOutput);
  return { output: place(branch.input, catcher.ResultPath, errorOutput), ...(assigned && { assigned }) };
}

async function evaluateOutput(
  run: Run,
  branch: Branch,
  { Assign, Output }: { Assign?: JsonObject; Output?: Json },
  also: Pick<StatesVariable, "result" | "errorOutput">,
  otherwise: Json,
): Promise<Outcome> {
  const assigned = Assign && ((await evaluateField(run, branch, Assign, "Assign", also)) as JsonObject);
  const output = Output === undefined ? otherwise : await evaluateField(run, branch, Output, "Output", also);
  return { output: limited(output), ...(assigned && { assigned }) };
}

const assign = (run: Run, branch: Branch, template: JsonObject, from: Json) =>
  evaluateTemplate(template, scopeOf(run, branch, from)) as JsonObject;

function place(input: Json, resultPath: string | null | undefined, result: Json): Json {
  if (resultPath === null) return input;
  return resultPath === undefined ? result : placeResult(input, resultPath, result);
}

function outputOf(run: Run, branch: Branch, { OutputPath }: State, output: Json): Json {
  if (OutputPath === undefined) return output;
  return OutputPath === null ? {} : readPathField(OutputPath, scopeOf(run, branch, output));
}

export const isTooLarge = (value: Json) => Buffer.byteLength(JSON.stringify(value)) > MAX_PAYLOAD;

function limited(output: Json): Json {
  if (!isTooLarge(output)) return output;
  throw new EvaluationError(
    DATA_LIMIT,
    "The state/task returned a result with a size exceeding the maximum number of bytes service limit.",
  );
}

/** As history events show assigned variables: each as JSON text. */
export const assignedDetails = (assigned: JsonObject | undefined) =>
  assigned && Object.keys(assigned).length > 0
    ? {
        assignedVariables: Object.fromEntries(
          Object.entries(assigned).map(([name, value]) => [name, JSON.stringify(value)]),
        ),
        assignedVariablesDetails: { truncated: false },
      }
    : {};
