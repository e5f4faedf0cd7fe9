// `states:startExecution.sync`: the task ends with the execution it started.
import type { Json, JsonObject } from "../language/json.ts";
import type { Signal } from "../machine/turn.ts";
import type { ExecutionRow } from "../store/executions.ts";
import type { Task } from "../store/tasks.ts";

/** `.sync:2` gives input and output as JSON, `.sync` as text. */
export function childSignal({ token, resource }: Task, row: ExecutionRow): Signal {
  const asValue = resource.endsWith(".sync:2");
  const read = (text: string): Json => (asValue ? (JSON.parse(text) as Json) : text);
  const described: JsonObject = {
    ExecutionArn: row.arn,
    Input: read(row.input),
    Name: row.name,
    ...(row.output !== null && { Output: read(row.output) }),
    StartDate: row.started_at,
    StateMachineArn: row.machine,
    Status: row.status,
    StopDate: row.stopped_at,
    ...(row.error !== null && { Error: row.error }),
    ...(row.cause !== null && { Cause: row.cause }),
  };
  return row.status === "SUCCEEDED"
    ? { type: "taskSucceeded", token, output: described }
    : { type: "taskFailed", token, error: "States.TaskFailed", cause: JSON.stringify(described) };
}
