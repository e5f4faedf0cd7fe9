// A container's log stream: its output, sent to CloudWatch Logs with the model's or job's role.
import type { Kernel, Principal } from "../../kernel/service.ts";

const FLUSH_MS = 250;
/** PutLogEvents accepts at most 1 MiB: this many lines of this many characters stay below it in any script. */
const LINES = 250;
const LINE_CHARACTERS = 1_000;

export interface LogStream {
  write(line: string): void;
  flush(): Promise<void>;
}

export function openLogStream(
  kernel: Kernel,
  at: { group: string; stream: string; role: string },
): LogStream {
  const { clock } = kernel;
  const principal: Principal = { kind: "role", arn: at.role, session: "SageMaker" };
  const names = { logGroupName: at.group, logStreamName: at.stream };
  let pending: Array<{ timestamp: number; message: string }> = [];
  let sending = Promise.resolve();
  let cancel: (() => void) | undefined;
  let warned = false;

  const call = (operation: string, input: object) => kernel.call("logs", operation, input, principal);

  async function put(logEvents: typeof pending) {
    const send = () => call("PutLogEvents", { ...names, logEvents });
    try {
      await send();
    } catch (error) {
      if (!isMissing(error)) throw error;
      await call("CreateLogGroup", { logGroupName: at.group }).catch(unlessExists);
      await call("CreateLogStream", names).catch(unlessExists);
      await send();
    }
  }

  async function send(events: typeof pending) {
    try {
      for (let start = 0; start < events.length; start += LINES)
        await put(events.slice(start, start + LINES));
    } catch (error) {
      if (!warned) kernel.log("warn", `The log of ${at.group} was not stored: ${(error as Error).message}`);
      warned = true;
    }
  }

  const flush = () => {
    cancel?.();
    cancel = undefined;
    const events = pending;
    pending = [];
    return (sending = sending.then(() => send(events)));
  };

  return {
    write(line) {
      // CloudWatch Logs rejects empty messages.
      if (line === "") return;
      pending.push({ timestamp: clock.now(), message: line.slice(0, LINE_CHARACTERS) });
      cancel ??= clock.after(FLUSH_MS, () => void flush());
    },
    flush,
  };
}

const isMissing = (error: unknown) => (error as Error).name === "ResourceNotFoundException";

function unlessExists(error: Error) {
  if (error.name !== "ResourceAlreadyExistsException") throw error;
}
