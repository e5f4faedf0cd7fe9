// Message move tasks: move dead letters to their source in chunks, and continue after a restart.
import { randomUUID } from "node:crypto";
import { AwsError } from "../../kernel/error.ts";
import type { Kernel } from "../../kernel/service.ts";
import { integer, missing } from "./error.ts";
import { MAX_MOVE_RATE } from "./limits.ts";
import { unpackAttributes } from "./message-attributes.ts";
import type { Message, Messages } from "./messages.ts";
import type { Queue, Queues } from "./queues.ts";

interface Task {
  id: string;
  source: string;
  destination: string | null;
  rate: number | null;
  status: "RUNNING" | "COMPLETED" | "CANCELLED" | "FAILED";
  moved: number;
  total: number;
  reason: string | null;
  started_at: number;
}

/** Messages per transaction without a rate. */
const CHUNK = 500;
const noSource = () =>
  new AwsError(
    "ResourceNotFoundException",
    "The resource that you specified for the SourceArn parameter doesn't exist.",
    { status: 404 },
  );

export function openMoveTasks(kernel: Kernel, queues: Queues, messages: Messages) {
  const { store, clock } = kernel;
  store.define(`create table if not exists sqs_move_task (
    id text primary key, source text not null, destination text, rate integer, status text not null,
    moved integer not null, total integer not null, reason text, started_at integer not null) strict`);

  let stopped = false;
  const timers = new Set<() => void>();
  const schedule = (ms: number, id: string) => {
    if (stopped) return;
    const cancel = clock.after(ms, () => {
      timers.delete(cancel);
      step(id);
    });
    timers.add(cancel);
  };

  const task = (id: string) => store.get<Task>`select * from sqs_move_task where id = ${id}`;
  const finish = (id: string, status: Task["status"], reason: string | null = null) =>
    store.run`update sqs_move_task set status = ${status}, reason = ${reason} where id = ${id}`;

  /** Moves one chunk in one transaction: a message is always in exactly one queue. */
  const step = (id: string) => {
    const running = task(id);
    if (running?.status !== "RUNNING") return;
    const more = store.tx(() => {
      const found = store.all<Message>`select * from sqs_message
        where queue = ${running.source} and visible_at <= ${clock.now()} and sent_at <= ${running.started_at}
        order by seq limit ${running.rate ?? CHUNK}`;
      let moved = 0;
      for (const message of found) {
        const target = queues.find(running.destination ?? message.source_queue ?? "");
        if (!target) {
          const reason = message.source_queue
            ? "AWS.SimpleQueueService.NonExistentQueue"
            : "CouldNotDetermineMessageSource";
          finish(id, "FAILED", reason);
          break;
        }
        move(message, target);
        moved++;
      }
      store.run`update sqs_move_task set moved = moved + ${moved} where id = ${id}`;
      if (moved < found.length) return false;
      if (found.length === 0) finish(id, "COMPLETED");
      return found.length > 0;
    });
    if (more) schedule(running.rate ? 1000 : 0, id);
  };

  // A moved message is a new message: new id, new time, receive count 0.
  const move = (message: Message, target: Queue) => {
    store.run`delete from sqs_message where seq = ${message.seq}`;
    messages.add(target, {
      body: message.body,
      attributes: unpackAttributes(message.attributes),
      sender: message.sender,
      trace: message.trace ?? undefined,
      groupId: message.group_id ?? undefined,
      // Without deduplication id: the old one may still be stored and would drop the message.
      dedupId: undefined,
    });
  };

  const requireSource = (sourceArn: unknown): Queue => {
    if (typeof sourceArn !== "string" || !sourceArn) throw missing("SourceArn");
    const queue = queues.byArn(sourceArn);
    if (!queue) throw noSource();
    return queue;
  };
  const handleOf = ({ id, source }: Task) =>
    Buffer.from(JSON.stringify({ taskId: id, sourceArn: queues.arn(source) })).toString("base64");

  return {
    resume() {
      for (const { id } of store.all<Task>("select * from sqs_move_task where status = 'RUNNING'"))
        schedule(0, id);
    },
    stop() {
      stopped = true;
      for (const cancel of timers) cancel();
    },

    start(input: { SourceArn?: string; DestinationArn?: string; MaxNumberOfMessagesPerSecond?: number }) {
      const source = requireSource(input.SourceArn);
      if (queues.sourcesOf(source).length === 0)
        throw new AwsError(
          "InvalidParameterValue",
          "Source queue must be configured as a Dead Letter Queue.",
        );
      const destination = input.DestinationArn ? queues.byArn(input.DestinationArn) : undefined;
      if (input.DestinationArn && !destination)
        throw new AwsError(
          "ResourceNotFoundException",
          "The resource that you specified for the DestinationArn parameter doesn't exist.",
          { status: 404 },
        );
      if (store.get`select 1 from sqs_move_task where source = ${source.name} and status = 'RUNNING'`)
        throw new AwsError(
          "UnsupportedOperation",
          "There is already a task running. Only one active task is allowed for a source queue arn at a given time.",
        );
      const rate = input.MaxNumberOfMessagesPerSecond;
      if (rate !== undefined) integer(rate, "MaxNumberOfMessagesPerSecond", 1, MAX_MOVE_RATE);
      const id = randomUUID();
      store.run`insert into sqs_move_task
        values (${id}, ${source.name}, ${destination?.name ?? null}, ${rate ?? null}, 'RUNNING', 0,
        ${messages.count(source.name).visible}, null, ${clock.now()})`;
      store.afterCommit(() => schedule(0, id));
      return { TaskHandle: handleOf(task(id)!) };
    },

    list(input: { SourceArn?: string; MaxResults?: number }) {
      const source = requireSource(input.SourceArn);
      const limit = integer(input.MaxResults ?? 1, "MaxResults", 1, 10);
      const tasks = store.all<Task>`select * from sqs_move_task where source = ${source.name}
        order by started_at desc, rowid desc limit ${limit}`;
      return {
        Results: tasks.map((one) => ({
          TaskHandle: one.status === "RUNNING" ? handleOf(one) : undefined,
          Status: one.status,
          SourceArn: source.arn,
          DestinationArn: one.destination ? queues.arn(one.destination) : undefined,
          MaxNumberOfMessagesPerSecond: one.rate ?? undefined,
          ApproximateNumberOfMessagesMoved: one.moved,
          ApproximateNumberOfMessagesToMove: one.total,
          FailureReason: one.reason ?? undefined,
          StartedTimestamp: one.started_at,
        })),
      };
    },

    /** The source queue of a task, for the permission check. */
    sourceOf: (handle: unknown) => (typeof handle === "string" ? task(idOf(handle))?.source : undefined),

    cancel(handle: unknown) {
      const running = typeof handle === "string" ? task(idOf(handle)) : undefined;
      if (!running) throw new AwsError("ResourceNotFoundException", "Task does not exist.", { status: 404 });
      if (running.status !== "RUNNING")
        throw new AwsError("UnsupportedOperation", "Only active tasks can be cancelled.");
      finish(running.id, "CANCELLED");
      return { ApproximateNumberOfMessagesMoved: running.moved };
    },
  };
}

function idOf(handle: string): string {
  try {
    const { taskId } = JSON.parse(Buffer.from(handle, "base64").toString()) as { taskId?: unknown };
    return typeof taskId === "string" ? taskId : "";
  } catch {
    return "";
  }
}
