// What ends a task that waits for a callback.
import { AwsError } from "../../../kernel/error.ts";
import type { Service } from "../../../kernel/service.ts";
import type { Engine } from "../engine.ts";
import type { Json } from "../language/json.ts";
import { MAX_CAUSE, MAX_ERROR, MAX_PAYLOAD } from "../limits.ts";
import type { Signal } from "../machine/turn.ts";
import type { Tasks } from "../store/tasks.ts";
import { validation } from "./error.ts";

export function tokenOperations(tasks: Tasks, engine: Engine): Service["operations"] {
  const send = async (token: string, signal: Signal) => {
    const task = tasks.find(token);
    if (!task) throw new AwsError("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'");
    await engine.send(task.execution, signal);
    return {};
  };

  return {
    SendTaskSuccess({ taskToken, output = "" }: { taskToken: string; output?: string }) {
      if (Buffer.byteLength(output) > MAX_PAYLOAD)
        throw validation(`output: longer than ${MAX_PAYLOAD} bytes.`);
      return send(taskToken, { type: "taskSucceeded", token: taskToken, output: parse(output) });
    },
    SendTaskFailure({ taskToken, error, cause }: { taskToken: string; error?: string; cause?: string }) {
      if ((error?.length ?? 0) > MAX_ERROR || (cause?.length ?? 0) > MAX_CAUSE)
        throw validation(`error has at most ${MAX_ERROR} characters, cause ${MAX_CAUSE}.`);
      return send(taskToken, {
        type: "taskFailed",
        token: taskToken,
        ...(error !== undefined && { error }),
        ...(cause !== undefined && { cause }),
      });
    },
    SendTaskHeartbeat: ({ taskToken }: { taskToken: string }) =>
      send(taskToken, { type: "heartbeat", token: taskToken }),
  };
}

function parse(output: string): Json {
  try {
    return JSON.parse(output) as Json;
  } catch (error) {
    throw new AwsError("InvalidOutput", `Invalid Output: '${(error as Error).message}'`);
  }
}
