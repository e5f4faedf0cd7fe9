// Sends the output of a worker or container to a log stream in batches. Creates the stream, and its group, when missing.
import type { Kernel, Principal } from "../../kernel/service.ts";
import { BATCH_BYTES, BATCH_EVENTS, EVENT_BYTES, EVENT_OVERHEAD_BYTES } from "./limits.ts";

interface LogEvent {
  timestamp: number;
  message: string;
}

const FLUSH_MS = 250;
/** Characters of one event. They fit into an event in any script. */
const EVENT_CHARACTERS = EVENT_BYTES / 4;

export function openLogWriter(kernel: Kernel, principal: Principal, group: string, stream: string) {
  const { clock } = kernel;
  const names = { logGroupName: group, logStreamName: stream };
  let pending: LogEvent[] = [];
  let sending = Promise.resolve();
  let cancel: (() => void) | undefined;
  let warned = false;

  const call = (operation: string, input: object) => kernel.call("logs", operation, input, principal);

  async function put(logEvents: LogEvent[]) {
    const send = () => call("PutLogEvents", { ...names, logEvents });
    try {
      await send();
    } catch (error) {
      if ((error as Error).name !== "ResourceNotFoundException") throw error;
      await createStream();
      await send();
    }
  }

  /** The group often exists, and the role may be allowed to create streams only. */
  async function createStream() {
    const create = () => call("CreateLogStream", names).catch(ignoreExisting);
    try {
      await create();
    } catch (error) {
      if ((error as Error).name !== "ResourceNotFoundException") throw error;
      await call("CreateLogGroup", { logGroupName: group }).catch(ignoreExisting);
      await create();
    }
  }

  async function send(events: LogEvent[]) {
    try {
      for (const batch of batches(events)) await put(batch);
      warned = false;
    } catch (error) {
      // As on AWS, logs are lost when the role may not write them. Here a warning is logged.
      if (!warned) kernel.log("warn", `The log of ${group} was not stored: ${(error as Error).message}`);
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
    write(message: string) {
      // CloudWatch Logs rejects empty messages.
      pending.push({ timestamp: clock.now(), message: message.slice(0, EVENT_CHARACTERS) || " " });
      cancel ??= clock.after(FLUSH_MS, () => void flush());
    },
    flush,
  };
}

function* batches(events: LogEvent[]) {
  let batch: LogEvent[] = [];
  let bytes = 0;
  for (const event of events) {
    const size = Buffer.byteLength(event.message) + EVENT_OVERHEAD_BYTES;
    if (batch.length === BATCH_EVENTS || bytes + size > BATCH_BYTES) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(event);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

function ignoreExisting(error: Error) {
  if (error.name !== "ResourceAlreadyExistsException") throw error;
}
