import { EvaluationError, QUERY_EVALUATION, StateError } from "../../language/error.ts";
import type { Json, JsonObject } from "../../language/json.ts";
import { matchesRule } from "../../language/choice.ts";
import type { ChoiceState } from "../definition.ts";
import type { Branch } from "../execution.ts";
import { effectiveInput, evaluateField, evaluatePassedInput, type Outcome } from "../fields.ts";
import { scopeOf, usesJsonata, type Run } from "../run.ts";

/** The next state, and what is passed to it. */
export async function choose(
  run: Run,
  branch: Branch,
  state: ChoiceState,
): Promise<Outcome & { next: string }> {
  for (const [index, rule] of state.Choices.entries()) {
    if (!(await matches(run, branch, state, rule, index))) continue;
    const own = rule as { Assign?: JsonObject; Output?: Json };
    return { ...(await evaluatePassedInput(run, branch, state, own)), next: rule.Next };
  }
  if (state.Default === undefined)
    throw new StateError("States.NoChoiceMatched", "No choices matched and no Default was specified.");
  return { ...(await evaluatePassedInput(run, branch, state)), next: state.Default };
}

async function matches(run: Run, branch: Branch, state: ChoiceState, rule: JsonObject, index: number) {
  if (!usesJsonata(run.execution, state))
    return matchesRule(rule, scopeOf(run, branch, effectiveInput(run, branch, state)));
  const location = `Choices[${index}]/Condition`;
  const value = await evaluateField(run, branch, rule["Condition"] ?? null, location);
  if (typeof value === "boolean") return value;
  throw new EvaluationError(
    QUERY_EVALUATION,
    `The field '${location}' must be a boolean but was: ${JSON.stringify(value)}`,
    location,
  );
}
