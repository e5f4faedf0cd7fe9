import { EvaluationError, QUERY_EVALUATION, runtimeError } from "../../language/error.ts";
import type { Json } from "../../language/json.ts";
import { readPathField } from "../../language/template.ts";
import { parseTimestamp } from "../../language/timestamp.ts";
import type { WaitState } from "../definition.ts";
import type { Branch } from "../execution.ts";
import { effectiveInput, evaluateField } from "../fields.ts";
import { scopeOf, usesJsonata, type Run } from "../run.ts";

const MAX_SECONDS = 99_999_999;
/** To a timestamp: what fits into 31 bits. */
const MAX_SECONDS_AHEAD = 2 ** 31;
const FORMAT = "ISO-8601 extended offset date-time format string";

/** The instant at which the state ends. */
export async function findEnd(run: Run, branch: Branch, state: WaitState): Promise<number> {
  const jsonata = usesJsonata(run.execution, state);
  const read = async (field: "Seconds" | "Timestamp"): Promise<Json | undefined> => {
    const path = state[`${field}Path`];
    if (path !== undefined)
      return readPathField(path, scopeOf(run, branch, effectiveInput(run, branch, state)));
    const value = state[field];
    return jsonata && value !== undefined ? evaluateField(run, branch, value, field) : value;
  };
  const seconds = await read("Seconds");
  if (seconds !== undefined) return run.now + 1_000 * checkSeconds(seconds, state);
  const timestamp = await read("Timestamp");
  const at = parseTimestamp(String(timestamp));
  if (at !== undefined) {
    if (at - run.now >= MAX_SECONDS_AHEAD * 1_000) throw runtimeError("Wait state delay is too long.");
    return at;
  }
  if (state.TimestampPath !== undefined)
    throw runtimeError(
      `The TimestampPath parameter does not reference a valid ${FORMAT}: ${state.TimestampPath} == ${String(timestamp)}`,
    );
  throw new EvaluationError(
    QUERY_EVALUATION,
    `The Timestamp field cannot be parsed as an ${FORMAT}: ${String(timestamp)}`,
    "Timestamp",
  );
}

function checkSeconds(seconds: Json, { SecondsPath }: WaitState): number {
  if (typeof seconds !== "number" || !Number.isInteger(seconds))
    throw runtimeError(`The value of Seconds is not a valid integer: ${JSON.stringify(seconds)}`);
  if (seconds < 0)
    throw runtimeError(
      SecondsPath === undefined
        ? `The Seconds field has a negative value: ${seconds}`
        : `The SecondsPath parameter references a negative value: ${SecondsPath} == ${seconds}`,
    );
  if (seconds > MAX_SECONDS) throw runtimeError("Wait state delay is too long.");
  return seconds;
}
