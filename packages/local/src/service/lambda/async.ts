// Asynchronous invocations: stored until the function succeeds, or until its retries are used and the failure was sent to
// its destination and dead-letter queue.
import { randomUUID } from "node:crypto";
import { retryOnStorageError } from "../../kernel/disk.ts";
import { AwsError } from "../../kernel/error.ts";
import type { Kernel, Principal } from "../../kernel/service.ts";
import { sendToDestination } from "./destination.ts";
import type { Fleet, InvocationResult } from "./fleet.ts";
import {
  ASYNC_MAX_AGE_S,
  ASYNC_PAYLOAD_BYTES,
  ASYNC_RETRIES,
  ASYNC_RETRY_STEP_MS,
  ASYNC_THROTTLE_BACKOFF_MS,
} from "./limits.ts";

interface InvokeConfigInputs {
  functionName: string;
  maximumRetryAttempts?: number;
  maximumEventAgeInSeconds?: number;
  destinationConfig?: { onFailure?: { destination?: string }; onSuccess?: { destination?: string } };
}

interface Row {
  id: string;
  name: string;
  payload: string;
  attempts: number;
  throttles: number;
  accepted_at: number;
  due_at: number;
}

export type AsyncQueue = ReturnType<typeof openAsyncQueue>;

export function openAsyncQueue(
  kernel: Kernel,
  fleets: Map<string, Fleet>,
  named: (reference: string) => string,
) {
  const { store, clock } = kernel;
  store.define(`create table if not exists lambda_async (
    id text primary key, name text not null, payload text not null, attempts integer not null,
    throttles integer not null, accepted_at integer not null, due_at integer not null
  ) strict; create index if not exists lambda_async_due on lambda_async (due_at)`);
  const configs = new Map(
    kernel.graph
      .all<InvokeConfigInputs>("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig")
      .map(({ inputs }) => [named(inputs.functionName), inputs]),
  );
  const running = new Map<string, Promise<void>>();
  let cancel: (() => void) | undefined;
  let stopped = false;

  function startDue() {
    cancel?.();
    cancel = undefined;
    if (stopped) return;
    const now = clock.now();
    for (const row of store.all<Row>`select * from lambda_async where due_at <= ${now}
      order by due_at limit 200`) {
      if (running.has(row.id)) continue;
      running.set(
        row.id,
        attempt(row)
          .catch((error: Error) => {
            if (!stopped)
              kernel.log("error", `An asynchronous invocation of ${row.name} failed: ${error.message}`);
          })
          .finally(() => {
            running.delete(row.id);
            if (running.size < 100) startDue();
          }),
      );
    }
    const next = store.get<{ at: number | null }>`select min(due_at) as at from lambda_async
      where due_at > ${now}`;
    if (next?.at) cancel = clock.after(next.at - now, startDue);
  }

  async function attempt(row: Row) {
    const fleet = fleets.get(row.name);
    if (!fleet) return void store.run`delete from lambda_async where id = ${row.id}`;
    const inputs = configs.get(row.name);
    const maxAgeMs = (inputs?.maximumEventAgeInSeconds ?? ASYNC_MAX_AGE_S) * 1000;
    const tooOld = (at: number) => at - row.accepted_at > maxAgeMs;
    // The function has run: after a storage error only the result is written again.
    const written = <T>(work: () => T) => retryOnStorageError(clock, () => stopped, work);
    let result: InvocationResult;
    try {
      result = await fleet.invoke({ requestId: row.id, payload: row.payload });
    } catch (error) {
      if (stopped) return;
      // The function did not run: this does not count as an attempt.
      const { first, most } = ASYNC_THROTTLE_BACKOFF_MS;
      const due = clock.now() + Math.min(most, first * 2 ** row.throttles);
      if (tooOld(due)) return written(() => fail(row, fleet, "EventAgeExceeded", undefined, error as Error));
      return void (await written(
        () =>
          store.run`update lambda_async set throttles = throttles + 1, due_at = ${due} where id = ${row.id}`,
      ));
    }
    // An invocation that the stop interrupted runs again at the next start.
    if (stopped && result.functionError) return;
    const attempts = row.attempts + 1;
    if (!result.functionError) {
      const target = inputs?.destinationConfig?.onSuccess?.destination;
      if (target) await written(() => report(target, row, fleet, "Success", attempts, result));
      return void (await written(() => store.run`delete from lambda_async where id = ${row.id}`));
    }
    const due = clock.now() + ASYNC_RETRY_STEP_MS * attempts;
    if (attempts > (inputs?.maximumRetryAttempts ?? ASYNC_RETRIES))
      return written(() => fail({ ...row, attempts }, fleet, "RetriesExhausted", result));
    if (tooOld(due)) return written(() => fail({ ...row, attempts }, fleet, "EventAgeExceeded", result));
    await written(
      () => store.run`update lambda_async set attempts = ${attempts}, due_at = ${due} where id = ${row.id}`,
    );
  }

  async function fail(row: Row, fleet: Fleet, condition: string, result?: InvocationResult, error?: Error) {
    const target = configs.get(row.name)?.destinationConfig?.onFailure?.destination;
    if (target) await report(target, row, fleet, condition, row.attempts, result);
    const { deadLetterArn } = fleet.definition;
    if (deadLetterArn)
      await sendToDestination(kernel, deadLetterArn, row.payload, as(fleet), {
        RequestID: row.id,
        ErrorCode: "200",
        ErrorMessage: (result?.payload ?? error?.message ?? condition).slice(0, 1024),
      });
    kernel.log("warn", `${row.name} dropped an asynchronous invocation: ${condition}`, {
      requestId: row.id,
    });
    store.run`delete from lambda_async where id = ${row.id}`;
  }

  function report(
    target: string,
    row: Row,
    fleet: Fleet,
    condition: string,
    attempts: number,
    result?: InvocationResult,
  ) {
    const record = {
      version: "1.0",
      timestamp: new Date(clock.now()).toISOString(),
      requestContext: {
        requestId: row.id,
        functionArn: `${fleet.definition.arn}:$LATEST`,
        condition,
        approximateInvokeCount: attempts,
      },
      requestPayload: JSON.parse(row.payload),
      ...(result && {
        responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: result.functionError },
        responsePayload: JSON.parse(result.payload),
      }),
    };
    return sendToDestination(kernel, target, JSON.stringify(record), as(fleet));
  }

  const as = ({ definition }: Fleet): Principal => ({
    kind: "role",
    arn: definition.role,
    session: definition.name,
  });

  return {
    enqueue(name: string, payload: string, requestId: string = randomUUID()) {
      const size = Buffer.byteLength(payload);
      if (size > ASYNC_PAYLOAD_BYTES)
        throw new AwsError(
          "RequestTooLargeException",
          `${size} byte payload is too large for the Event invocation type (limit ${ASYNC_PAYLOAD_BYTES} bytes)`,
          { status: 413 },
        );
      const copies = kernel.fault("lambda:accept", { function: name })?.kind === "duplicate" ? 2 : 1;
      for (let copy = 0; copy < copies; copy++)
        store.run`insert into lambda_async
          values (${copy ? randomUUID() : requestId}, ${name}, ${payload}, 0, 0,
          ${clock.now()}, ${clock.now()})`;
      store.afterCommit(startDue);
      return requestId;
    },
    resume: startDue,
    async stop() {
      stopped = true;
      cancel?.();
      await Promise.allSettled(running.values());
    },
  };
}
