// Deliveries that are owed: written in the transaction of what caused them, tried until the target takes them, and in
// the end owed to the dead-letter queue instead. A delivery and the end of its debt are one transaction.
import { untilWritten } from "../../kernel/disk.ts";
import { AwsError } from "../../kernel/error.ts";
import type { Fault, Kernel } from "../../kernel/service.ts";
import { StorageError } from "../../kernel/storage-error.ts";
import { type Defeat, defeatOf, isFinal } from "./defeat.ts";
import { FIRST_BACKOFF_MS, LAST_BACKOFF_MS, MAX_EVENT_AGE_SECONDS, MAX_RETRY_ATTEMPTS } from "./limits.ts";

export interface Owed {
  target: string;
  payload: string;
  /** What the dead-letter queue gets, when that is not the payload. */
  original?: string;
  source: { service: string; arn: string };
  parameters?: Record<string, unknown>;
  deadLetterArn?: string;
  maxRetries: number;
  maxAgeSeconds: number;
}

interface Row {
  seq: number;
  target: string;
  payload: string;
  original: string | null;
  service: string;
  source_arn: string;
  parameters: string | null;
  dead_letter_arn: string | null;
  attempts: number;
  max_retries: number;
  expires_at: number;
  next_at: number;
  fault: string | null;
}

export type Outbox = ReturnType<typeof openOutbox>;

/** Rows handled before others get their turn: bounds memory and pauses after a long stop. */
const CHUNK = 100;

/** Hands over by calling the target's API; it may then get the same thing twice, but never not at all. */
export type HandOver = (target: string, payload: string, parameters: Record<string, any>) => Promise<void>;

export function openOutbox(kernel: Kernel, name: "events" | "scheduler" | "sns", handOver?: HandOver) {
  const { store, clock } = kernel;
  const table = `${name}_outbox`;
  store.define(`
    create table if not exists ${table} (
      seq integer primary key autoincrement, target text not null, payload text not null, original text,
      service text not null, source_arn text not null, parameters text, dead_letter_arn text,
      attempts integer not null default 0, max_retries integer not null, expires_at integer not null,
      next_at integer not null, fault text) strict;
    create index if not exists ${table}_next on ${table} (next_at, seq)`);

  let stopped = false;
  let soon: NodeJS.Immediate | undefined;
  let cancel = () => {};

  const underway = new Set<number>();

  const schedule = () => {
    if (!stopped) soon ??= setImmediate(run);
  };

  const run = () => {
    soon = undefined;
    cancel();
    try {
      drain();
    } catch (error) {
      pause(error);
    }
  };

  /** The store itself failed: what is owed is still on it. A disk that refuses is reported by the store. */
  const pause = (error: unknown) => {
    if (!(error instanceof StorageError))
      kernel.log("error", `Deliveries of ${name} are paused: ${String(error)}`, { error });
    cancel();
    cancel = clock.after(FIRST_BACKOFF_MS, schedule);
  };

  const drain = () => {
    // What a delivery itself causes (a bus that passes events on) goes out in the same run.
    for (let handled = 0; handled < CHUNK;) {
      const due = store
        .all<Row>(
          `select * from ${table} where next_at <= ? order by next_at, seq limit ${CHUNK}`,
          clock.now(),
        )
        .filter((row) => !underway.has(row.seq));
      if (due.length === 0) return sleep();
      for (const row of due)
        if (handOver) void call(row, handOver).catch(pause);
        else attempt(row);
      handled += due.length;
    }
    return schedule();
  };

  const sleep = () => {
    const next = store.get<{ at: number | null }>(
      `select min(next_at) as at from ${table} where next_at > ?`,
      clock.now(),
    )?.at;
    if (next != null) cancel = clock.after(Math.max(0, next - clock.now()), schedule);
  };

  const attempt = (row: Row) => {
    try {
      store.tx(() => {
        const fault = faultOf(row);
        kernel.deliver(row.target, {
          payload: row.payload,
          source: { service: row.service, arn: row.source_arn },
          parameters: row.parameters ? JSON.parse(row.parameters) : undefined,
        });
        settle(row, fault);
      });
    } catch (error) {
      // The disk refused it, not the target: no try is used up.
      if (error instanceof StorageError) throw error;
      fail(row, error);
    }
  };

  const call = async (row: Row, hand: HandOver) => {
    underway.add(row.seq);
    try {
      const fault = faultOf(row);
      const parameters = row.parameters ? JSON.parse(row.parameters) : {};
      await written(() => hand(row.target, row.payload, parameters));
      if (!stopped) await written(() => store.tx(() => settle(row, fault)));
    } catch (error) {
      if (!stopped) await written(() => fail(row, error));
    } finally {
      underway.delete(row.seq);
      schedule();
    }
  };

  const written = <T>(work: () => T) => untilWritten(clock, () => stopped, work);

  /** What the plan holds for this try: thrown when it comes before the work, answered when after. */
  const faultOf = (row: Row) => {
    const fault = row.fault ? (JSON.parse(row.fault) as Fault) : undefined;
    if (fault && fault.when !== "after") throw asError(fault);
    return fault;
  };

  // Where the reply was lost the target has the event, and gets it again.
  const settle = (row: Row, lost: Fault | undefined) =>
    lost ? retry(row, 0) : store.run(`delete from ${table} where seq = ?`, row.seq);

  const fail = (row: Row, error: unknown) => {
    store.tx(() => failed(row, defeatOf(error)));
    if (!(error instanceof AwsError))
      kernel.log("error", `Delivery to ${row.target} broke: ${String(error)}`, { error });
  };

  const failed = (row: Row, defeat: Defeat) => {
    const retries = row.attempts;
    const backoff = Math.min(FIRST_BACKOFF_MS * 2 ** retries, LAST_BACKOFF_MS);
    const wait = Math.round(backoff * (0.5 + kernel.random() / 2));
    if (isFinal(defeat)) return giveUp(row, defeat);
    if (retries >= row.max_retries) return giveUp(row, defeat, "MaximumRetryAttempts");
    if (clock.now() + wait > row.expires_at) return giveUp(row, defeat, "MaximumEventAgeInSeconds");
    return retry(row, wait);
  };

  const retry = (row: Row, wait: number) =>
    store.run(
      `update ${table} set attempts = attempts + 1, next_at = ?, fault = null where seq = ?`,
      clock.now() + wait,
      row.seq,
    );

  const giveUp = (row: Row, defeat: Defeat, exhausted?: string) => {
    store.run(`delete from ${table} where seq = ?`, row.seq);
    const about = { target: row.target, rule: row.source_arn, code: defeat.code, retries: row.attempts };
    if (!row.dead_letter_arn)
      return kernel.log("warn", `Gave up a delivery to ${row.target}: ${defeat.message}`, about);
    const attributes: Record<string, string | undefined> = {
      RULE_ARN: row.source_arn,
      TARGET_ARN: row.target,
      ERROR_CODE: defeat.code,
      ERROR_MESSAGE: defeat.message,
      EXHAUSTED_RETRY_CONDITION: exhausted,
      RETRY_ATTEMPTS: String(row.attempts),
    };
    const messageAttributes = Object.fromEntries(
      Object.entries(attributes)
        .filter(([, value]) => value)
        .map(([key, value]) => [key, { DataType: "String", StringValue: value }]),
    );
    const { roleArn } = row.parameters ? JSON.parse(row.parameters) : {};
    insert({
      target: row.dead_letter_arn,
      payload: row.original ?? row.payload,
      source: { service: row.service, arn: row.source_arn },
      parameters: { messageAttributes, roleArn },
      maxRetries: MAX_RETRY_ATTEMPTS,
      maxAgeSeconds: MAX_EVENT_AGE_SECONDS,
    });
    return store.afterCommit(schedule);
  };

  const insert = (owed: Owed, delayMs = 0, fault: string | null = null) =>
    store.run(
      `insert into ${table} (target, payload, original, service, source_arn, parameters, dead_letter_arn,
         max_retries, expires_at, next_at, fault) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      owed.target,
      owed.payload,
      owed.original ?? null,
      owed.source.service,
      owed.source.arn,
      owed.parameters ? JSON.stringify(owed.parameters) : null,
      owed.deadLetterArn ?? null,
      owed.maxRetries,
      clock.now() + owed.maxAgeSeconds * 1000,
      clock.now() + delayMs,
      fault,
    );

  return {
    /** Owes one delivery, from now or later. Synchronous, in the caller's transaction. */
    add(owed: Owed, delayMs = 0) {
      const fault = kernel.fault(`${name}:deliver`, { target: owed.target, rule: owed.source.arn });
      const late = fault?.kind === "delay" || fault?.kind === "reorder" ? (fault.ms ?? 1000) : 0;
      const breaks = fault?.kind === "error" || fault?.kind === "reset" ? JSON.stringify(fault) : null;
      if (fault?.kind === "duplicate") insert(owed, delayMs);
      insert(owed, delayMs + late, breaks);
      store.afterCommit(schedule);
    },
    resume: schedule,
    stop() {
      stopped = true;
      clearImmediate(soon);
      cancel();
    },
  };
}

const asError = (fault: Fault) =>
  new AwsError(fault.code ?? "InternalFailure", fault.message ?? "The fault plan asked for this error.", {
    status: fault.status ?? 500,
  });
