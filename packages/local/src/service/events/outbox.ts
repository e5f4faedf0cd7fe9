// Pending deliveries (transactional outbox): written in the transaction of their cause, retried until the target accepts
// them, and finally sent to the dead-letter queue. Delivering and removing one is a single transaction.
import { retryOnStorageError } from "../../kernel/disk.ts";
import { AwsError } from "../../kernel/error.ts";
import type { Fault, Kernel } from "../../kernel/service.ts";
import { StorageError } from "../../kernel/storage-error.ts";
import { type DeliveryFailure, toDeliveryFailure, isFinal } from "./delivery-failure.ts";
import { FIRST_BACKOFF_MS, LAST_BACKOFF_MS, MAX_EVENT_AGE_SECONDS, MAX_RETRY_ATTEMPTS } from "./limits.ts";

export interface PendingDelivery {
  target: string;
  payload: string;
  /** The payload for the dead-letter queue, when it differs. */
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

/** Deliveries per turn of the event loop: limits memory and pauses after a long stop. */
const CHUNK = 100;

/** Delivers by calling the target's API: at least once, so the target may receive duplicates. */
export type TargetCall = (target: string, payload: string, parameters: Record<string, any>) => Promise<void>;

export function openOutbox(kernel: Kernel, name: "events" | "scheduler" | "sns", callTarget?: TargetCall) {
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
  let immediate: NodeJS.Immediate | undefined;
  let cancel = () => {};

  const inProgress = new Set<number>();

  const schedule = () => {
    if (!stopped) immediate ??= setImmediate(run);
  };

  const run = () => {
    immediate = undefined;
    cancel();
    try {
      deliverDue();
    } catch (error) {
      pause(error);
    }
  };

  /** For errors of the store: the deliveries remain stored. The store reports storage errors itself. */
  const pause = (error: unknown) => {
    if (!(error instanceof StorageError))
      kernel.log("error", `Deliveries of ${name} are paused: ${String(error)}`, { error });
    cancel();
    cancel = clock.after(FIRST_BACKOFF_MS, schedule);
  };

  const deliverDue = () => {
    // Includes deliveries that a delivery causes, such as a bus that forwards events.
    for (let handled = 0; handled < CHUNK;) {
      const due = store
        .all<Row>(
          `select * from ${table} where next_at <= ? order by next_at, seq limit ${CHUNK}`,
          clock.now(),
        )
        .filter((row) => !inProgress.has(row.seq));
      if (due.length === 0) return sleep();
      for (const row of due)
        if (callTarget) void deliverByCall(row, callTarget).catch(pause);
        else deliver(row);
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

  const deliver = (row: Row) => {
    try {
      store.tx(() => {
        const fault = faultOf(row);
        kernel.deliver(row.target, {
          payload: row.payload,
          source: { service: row.service, arn: row.source_arn },
          parameters: row.parameters ? JSON.parse(row.parameters) : undefined,
        });
        complete(row, fault);
      });
    } catch (error) {
      // The disk failed, not the target: this does not count as an attempt.
      if (error instanceof StorageError) throw error;
      fail(row, error);
    }
  };

  const deliverByCall = async (row: Row, hand: TargetCall) => {
    inProgress.add(row.seq);
    try {
      const fault = faultOf(row);
      const parameters = row.parameters ? JSON.parse(row.parameters) : {};
      await written(() => hand(row.target, row.payload, parameters));
      if (!stopped) await written(() => store.tx(() => complete(row, fault)));
    } catch (error) {
      if (!stopped) await written(() => fail(row, error));
    } finally {
      inProgress.delete(row.seq);
      schedule();
    }
  };

  const written = <T>(work: () => T) => retryOnStorageError(clock, () => stopped, work);

  /** The fault for this attempt: thrown when it applies before the work, returned when after. */
  const faultOf = (row: Row) => {
    const fault = row.fault ? (JSON.parse(row.fault) as Fault) : undefined;
    if (fault && fault.when !== "after") throw asError(fault);
    return fault;
  };

  // When the response was lost, the target has the event and receives it again.
  const complete = (row: Row, responseLost: Fault | undefined) =>
    responseLost ? retry(row, 0) : store.run(`delete from ${table} where seq = ?`, row.seq);

  const fail = (row: Row, error: unknown) => {
    store.tx(() => recordFailure(row, toDeliveryFailure(error)));
    if (!(error instanceof AwsError))
      kernel.log("error", `Delivery to ${row.target} failed unexpectedly: ${String(error)}`, { error });
  };

  const recordFailure = (row: Row, failure: DeliveryFailure) => {
    const retries = row.attempts;
    const backoff = Math.min(FIRST_BACKOFF_MS * 2 ** retries, LAST_BACKOFF_MS);
    const wait = Math.round(backoff * (0.5 + kernel.random() / 2));
    if (isFinal(failure)) return abandon(row, failure);
    if (retries >= row.max_retries) return abandon(row, failure, "MaximumRetryAttempts");
    if (clock.now() + wait > row.expires_at) return abandon(row, failure, "MaximumEventAgeInSeconds");
    return retry(row, wait);
  };

  const retry = (row: Row, wait: number) =>
    store.run(
      `update ${table} set attempts = attempts + 1, next_at = ?, fault = null where seq = ?`,
      clock.now() + wait,
      row.seq,
    );

  const abandon = (row: Row, failure: DeliveryFailure, exhausted?: string) => {
    store.run(`delete from ${table} where seq = ?`, row.seq);
    const about = { target: row.target, rule: row.source_arn, code: failure.code, retries: row.attempts };
    if (!row.dead_letter_arn)
      return kernel.log("warn", `Dropped a delivery to ${row.target}: ${failure.message}`, about);
    const attributes: Record<string, string | undefined> = {
      RULE_ARN: row.source_arn,
      TARGET_ARN: row.target,
      ERROR_CODE: failure.code,
      ERROR_MESSAGE: failure.message,
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

  const insert = (delivery: PendingDelivery, delayMs = 0, fault: string | null = null) =>
    store.run(
      `insert into ${table} (target, payload, original, service, source_arn, parameters, dead_letter_arn,
         max_retries, expires_at, next_at, fault) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      delivery.target,
      delivery.payload,
      delivery.original ?? null,
      delivery.source.service,
      delivery.source.arn,
      delivery.parameters ? JSON.stringify(delivery.parameters) : null,
      delivery.deadLetterArn ?? null,
      delivery.maxRetries,
      clock.now() + delivery.maxAgeSeconds * 1000,
      clock.now() + delayMs,
      fault,
    );

  return {
    /** Adds a delivery, due now or after `delayMs`, in the caller's transaction. */
    add(delivery: PendingDelivery, delayMs = 0) {
      const fault = kernel.fault(`${name}:deliver`, { target: delivery.target, rule: delivery.source.arn });
      const late = fault?.kind === "delay" || fault?.kind === "reorder" ? (fault.ms ?? 1000) : 0;
      const breaks = fault?.kind === "error" || fault?.kind === "reset" ? JSON.stringify(fault) : null;
      if (fault?.kind === "duplicate") insert(delivery, delayMs);
      insert(delivery, delayMs + late, breaks);
      store.afterCommit(schedule);
    },
    resume: schedule,
    stop() {
      stopped = true;
      clearImmediate(immediate);
      cancel();
    },
  };
}

const asError = (fault: Fault) =>
  new AwsError(fault.code ?? "InternalFailure", fault.message ?? "A fault rule caused this error.", {
    status: fault.status ?? 500,
  });
