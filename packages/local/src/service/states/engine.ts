// Runs executions: one turn after the other for each, committed before its requests are sent. An execution that only
// waits is in the store alone.
import { randomUUID } from "node:crypto";
import type { Kernel } from "../../kernel/service.ts";
import { openWakeTimer } from "../events/schedule/wake-timer.ts";
import { MAX_EVENTS } from "./limits.ts";
import type { Execution, HistoryEvent } from "./machine/execution.ts";
import type { MapRunRequest, Run } from "./machine/run.ts";
import { advance, nextWake, type Signal } from "./machine/turn.ts";
import type { Executions } from "./store/executions.ts";
import type { Task, Tasks } from "./store/tasks.ts";

interface Active {
  execution: Execution;
  saved: Map<number, string>;
}

export interface Hooks {
  /** After the commit of a turn. */
  committed(execution: Execution, events: HistoryEvent[]): void;
  /** Sends the request of a task. Called after the commit, and again after a restart. */
  perform(task: Task): void;
  /** In the transaction of the turn. */
  startMapRun(execution: Execution, request: MapRunRequest): void;
  /** In the transaction of each turn. */
  endAbandonedMapRuns(execution: Execution, signal: Signal): void;
  /** In the transaction that starts or redrives an execution. */
  started(execution: Execution): void;
  /** In the transaction that ends an execution. */
  ended(execution: Execution): void;
}

export type Engine = ReturnType<typeof openEngine>;

export function openEngine(kernel: Kernel, executions: Executions, tasks: Tasks, hooks: Hooks) {
  const { store, clock, cloud } = kernel;
  const active = new Map<string, Active>();
  const queues = new Map<string, Promise<void>>();
  const chance = { random: () => kernel.random(), uuid: () => randomUUID() };
  const endings = new Map<string, (() => void)[]>();
  let stopped = false;

  async function turn(arn: string, signal: Signal): Promise<void> {
    if (stopped) return;
    const found = active.get(arn) ?? executions.load(arn);
    if (!found) return;
    active.set(arn, found);
    const { execution, saved } = found;
    const now = clock.now();
    try {
      const wasRunning = execution.status === "RUNNING";
      const run = await advance(execution, signal, { now, region: cloud.region, chance });
      if (wasRunning && execution.nextEvent > MAX_EVENTS) endTooLong(run);
      const hasEnded = (wasRunning || signal.type === "redrive") && execution.status !== "RUNNING";
      store.tx(() => commit(run, signal, saved, hasEnded));
    } catch (error) {
      // Memory may be ahead of the store now.
      active.delete(arn);
      throw error;
    }
  }

  function commit(run: Run, signal: Signal, saved: Active["saved"], hasEnded: boolean) {
    const { execution, events } = run;
    executions.save(execution, saved, events, nextWake(execution), run.now);
    const open = openTokens(execution);
    const requests = run.tasks.filter(({ token }) => open.has(token));
    for (const request of requests) tasks.add(execution.arn, request);
    tasks.keep(execution.arn, open);
    for (const request of run.mapRuns)
      if (isWaiting(execution, request.id)) hooks.startMapRun(execution, request);
    if (isBeginning(events[0])) hooks.started(execution);
    hooks.endAbandonedMapRuns(execution, signal);
    if (hasEnded) {
      hooks.ended(execution);
      store.afterCommit(() => {
        for (const resolve of endings.get(execution.arn) ?? []) resolve();
        endings.delete(execution.arn);
      });
    }
    store.afterCommit(() => {
      if (run.ready.length > 0) sendLater(execution.arn, { type: "continue" });
      hooks.committed(execution, events);
      for (const request of requests) hooks.perform({ ...request, execution: execution.arn });
      timer.set();
    });
  }

  /** The last event of the history says so. */
  function endTooLong({ execution, events, now }: Run) {
    const error = "States.Runtime";
    const cause = `The execution reached the maximum number of history events (${MAX_EVENTS}).`;
    const kept = events.filter(({ id }) => id < MAX_EVENTS);
    const executionFailedEventDetails = { error, cause };
    events.splice(0, events.length, ...kept, {
      id: MAX_EVENTS,
      previousEventId: 0,
      timestamp: now,
      type: "ExecutionFailed",
      executionFailedEventDetails,
    });
    Object.assign(execution, {
      status: "FAILED",
      error,
      cause,
      nextEvent: MAX_EVENTS + 1,
    } satisfies Partial<Execution>);
  }

  /** Resolves when the turn is committed. Turns of one execution follow each other. */
  function send(arn: string, signal: Signal): Promise<void> {
    const before = queues.get(arn) ?? Promise.resolve();
    const next = before.then(
      () => turn(arn, signal),
      () => turn(arn, signal),
    );
    queues.set(arn, next);
    void next
      .catch(() => {})
      .then(() => {
        if (queues.get(arn) !== next) return;
        queues.delete(arn);
        forgetIfWaiting(arn);
      });
    return next;
  }

  function forgetIfWaiting(arn: string) {
    const found = active.get(arn);
    const calling =
      found?.execution.status === "RUNNING" &&
      [...found.execution.branches.values()].some(
        ({ phase }) => phase.type === "task" && phase.awaits !== "callback",
      );
    if (!calling) active.delete(arn);
  }

  const logFailure = (arn: string, error: unknown) =>
    kernel.log("error", `A turn of ${arn} failed: ${(error as Error).message}`, {
      stack: (error as Error).stack,
    });

  /** Signals that nobody waits for. A failed turn is tried again: its signal must not be lost. */
  function sendLater(arn: string, signal: Signal): void {
    send(arn, signal).catch((error: unknown) => {
      if (stopped) return;
      logFailure(arn, error);
      clock.after(RETRY_MS, () => sendLater(arn, signal));
    });
  }

  const timer = openWakeTimer(clock, executions.nextWake, () => {
    for (const arn of executions.takeDue(clock.now(), clock.now() + RETRY_MS))
      send(arn, { type: "clock" }).catch((error: unknown) => logFailure(arn, error));
  });

  return {
    send,
    sendLater,
    /** Resolves when a running execution ends. */
    ended: (arn: string) =>
      new Promise<void>((resolve) => void endings.set(arn, [...(endings.get(arn) ?? []), resolve])),
    /** Continues what a restart interrupted. */
    resume() {
      for (const arn of executions.running()) {
        const row = executions.row(arn)!;
        sendLater(arn, { type: row.next_event === 1 ? "start" : "continue" });
        for (const task of tasks.of(arn)) hooks.perform(task);
      }
      timer.set();
    },
    async stop() {
      stopped = true;
      timer.stop();
      await Promise.allSettled(queues.values());
    },
  };
}

const RETRY_MS = 1_000;

const isBeginning = (event: HistoryEvent | undefined) =>
  event?.type === "ExecutionStarted" || event?.type === "ExecutionRedriven";

export const isWaiting = ({ status, branches }: Execution, mapRun: string) =>
  status === "RUNNING" &&
  [...branches.values()].some(({ phase }) => phase.type === "mapRun" && phase.id === mapRun);

const openTokens = ({ status, branches }: Execution) =>
  new Set(
    status === "RUNNING"
      ? [...branches.values()].flatMap(({ phase }) => (phase.type === "task" ? [phase.token] : []))
      : [],
  );
