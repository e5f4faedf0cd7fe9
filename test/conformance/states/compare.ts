// Compares an execution with its recording. Names, ids and times of the recording are masks such as `<uuid:1>`.
import { isObject, type Json } from "@sluice/local/service/states/language/json.ts";
import type { Execution, HistoryEvent } from "@sluice/local/service/states/machine/execution.ts";
import { detailsOf, parsed, type Recorded, type RecordedEvent } from "./replay.ts";

const MASK =
  /<[A-Za-z_0-9:-]+>|^timestamp$|^date$|EventDetails|generated-|RandomNumber|lambda_function_name|function_name/;

const isMasked = (value: Json | undefined): boolean =>
  typeof value === "string"
    ? MASK.test(value)
    : Array.isArray(value)
      ? value.some(isMasked)
      : isObject(value) && Object.values(value).some(isMasked);

/** JSON texts inside of values are compared as values: recordings hold them parsed. */
function normalized(value: Json | undefined): Json {
  const inner = parsed(value ?? null);
  if (Array.isArray(inner)) return inner.map(normalized);
  if (!isObject(inner)) return inner;
  return Object.fromEntries(
    Object.entries(inner)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, normalized(item)]),
  );
}

const isSame = (recorded: Json | undefined, actual: Json | undefined) =>
  isMasked(recorded) || JSON.stringify(normalized(recorded)) === JSON.stringify(normalized(actual));

const ENDS: Record<string, Execution["status"]> = {
  ExecutionSucceeded: "SUCCEEDED",
  ExecutionFailed: "FAILED",
  ExecutionAborted: "ABORTED",
  ExecutionTimedOut: "TIMED_OUT",
};

/** Status with output, or with error and cause. */
export function hasSameOutcome({ events }: Recorded, { status, output, error, cause }: Execution): boolean {
  const end = events.at(-1)!;
  const details = detailsOf(end) ?? {};
  if (ENDS[end.type] !== status) return false;
  if (status === "SUCCEEDED") return isSame(details["output"], JSON.stringify(output));
  return isSame(details["error"], error) && isSame(details["cause"], cause);
}

/** The order of events of concurrent branches is not recorded: then the types are compared as a set. */
export function hasSameSequence({ events }: Recorded, history: HistoryEvent[]): boolean {
  const unordered = events.some(({ id }) => typeof id !== "number");
  const typesOf = (all: (RecordedEvent | HistoryEvent)[]) => {
    const types = all.map(({ type }) => type);
    // Recordings of Parallel states lack this event, and keep its number.
    return unordered ? types.filter((type) => type !== "ParallelStateSucceeded").toSorted() : types;
  };
  return typesOf(events).join() === typesOf(history).join();
}

export function hasSameDetails({ events }: Recorded, history: HistoryEvent[]): boolean {
  return events.every((event, index) => {
    const other = history[index]!;
    const [recorded, actual] = [detailsOf(event), detailsOf(other)];
    return event.previousEventId === other.previousEventId && isSame(recorded, actual);
  });
}
