// Runs distributed maps: reads the items once, starts child executions up to the limit, and ends with the last.
import { randomUUID } from "node:crypto";
import type { Kernel, Principal } from "../../../kernel/service.ts";
import { isWaiting, type Engine } from "../engine.ts";
import { describeFailure, EvaluationError, StateError } from "../language/error.ts";
import { isObject, type Json, type JsonObject } from "../language/json.ts";
import { evaluateTemplate } from "../language/template.ts";
import { processorOf, type MapState } from "../machine/definition.ts";
import type { Branch, Execution } from "../machine/execution.ts";
import { effectiveInput, evaluateField } from "../machine/fields.ts";
import { scopeOf, stateOf, usesJsonata, type MapRunRequest, type EvaluationContext } from "../machine/run.ts";
import type { Signal } from "../machine/turn.ts";
import { isOverTolerance } from "./tolerance.ts";
import { selectItem } from "../machine/state/map-items.ts";
import type { ExecutionRow, Executions } from "../store/executions.ts";
import type { Machines } from "../store/machines.ts";
import type { Counts, ItemStatus, MapRun, MapRuns } from "../store/map-runs.ts";
import { TaskError } from "../task/error.ts";
import { batchItems, type Batcher } from "./batches.ts";
import { readItems, type Reader } from "./read-items.ts";
import { writeResults } from "./write-results.ts";

/** AWS's limit of child executions at once. */
const MAX_CONCURRENCY = 10_000;

interface Parts {
  kernel: Kernel;
  machines: Machines;
  executions: Executions;
  mapRuns: MapRuns;
  engine: () => Engine;
}

export function openMapRunner({ kernel, machines, executions, mapRuns, engine }: Parts) {
  const { store, clock } = kernel;
  const chance = { random: () => kernel.random(), uuid: () => randomUUID() };
  let stopped = false;

  /** In the transaction of the turn that started the map. */
  function create(execution: Execution, request: MapRunRequest): void {
    const { machine } = execution;
    const state = stateOf({ execution }, execution.branches.get(request.branch)!) as MapState;
    const name = `${machine.name}/${state.Label ?? request.id.slice(0, 8)}`;
    const arn = machine.arn.replace(/:stateMachine:.*/, `:mapRun:${name}:${request.id}`);
    mapRuns.create(arn, execution.arn, request, clock.now());
    store.afterCommit(() => begin(mapRuns.find(arn)!));
  }

  function begin(mapRun: MapRun): void {
    prepare(mapRun).catch((error: unknown) => fail(mapRun, toFailure(error)));
  }

  /** Reads the items. Repeated after a restart if they were not stored. */
  async function prepare(mapRun: MapRun): Promise<void> {
    const { arn, execution: outer, request } = mapRun;
    const loaded = executions.load(outer);
    const branch = loaded?.execution.branches.get(request.branch);
    if (stopped || !loaded || branch?.phase.type !== "mapRun") return;
    const { execution } = loaded;
    const reading: EvaluationContext = { execution, chance };
    const state = stateOf(reading, branch) as MapState;
    let inputs: Json[];
    try {
      inputs = await readInputs(reading, branch, state, request, principalOf(execution));
    } catch (error) {
      throw error instanceof EvaluationError
        ? new StateError(error.error, describeFailure(branch.state, branch.entered.event, error.cause ?? ""))
        : error;
    }
    const definition = JSON.stringify({
      ...processorOf(state),
      ...(usesJsonata(execution, state) && { QueryLanguage: "JSONata" }),
    });
    const now = clock.now();
    store.tx(() => {
      if (mapRuns.find(arn)?.revision !== null) return;
      mapRuns.begin(arn, machines.addRevision(childMachine(arn), definition, execution.roleArn, now), inputs);
    });
    await engine().send(outer, { type: "mapRunStarted", id: request.id, arn });
    startNext(arn);
  }

  async function readInputs(
    reading: EvaluationContext,
    branch: Branch,
    state: MapState,
    { items }: MapRunRequest,
    as: Principal,
  ): Promise<Json[]> {
    const evaluate = (value: Json, location: string) =>
      usesJsonata(reading.execution, state)
        ? evaluateField(reading, branch, value, location)
        : evaluateTemplate(value, scopeOf(reading, branch, effectiveInput(reading, branch, state)));
    const { ItemReader, ItemBatcher } = state;
    const found =
      items ??
      (await readItems(
        kernel,
        ItemReader as Reader,
        await evaluate(ItemReader?.["Parameters"] ?? ItemReader?.["Arguments"] ?? {}, "ItemReader/Arguments"),
        as,
      ));
    const selected: Json[] = [];
    for (const [index, value] of found.entries())
      selected.push(await selectItem(reading, branch, state, value, index));
    if (!ItemBatcher) return selected;
    const batchInput = ItemBatcher["BatchInput"];
    return batchItems(
      selected,
      ItemBatcher as Batcher,
      batchInput === undefined ? undefined : await evaluate(batchInput, "ItemBatcher/BatchInput"),
    );
  }

  /** Starts as many children as the limit leaves room for, or ends the run. */
  function startNext(arn: string): void {
    const mapRun = mapRuns.find(arn);
    if (stopped || mapRun?.status !== "RUNNING" || mapRun.revision === null) return;
    const counts = mapRuns.counts(arn);
    if (isOverTolerance(mapRun, failuresOf(counts), totalOf(counts)))
      return fail(mapRun, {
        error: "States.ExceedToleratedFailureThreshold",
        cause: "The specified tolerated failure threshold was exceeded",
      });
    if (counts.PENDING + counts.RUNNING === 0) {
      complete(mapRun).catch((error: unknown) => fail(mapRun, toFailure(error)));
      return;
    }
    const room = (mapRun.concurrency || MAX_CONCURRENCY) - counts.RUNNING;
    const machine = childMachine(arn);
    const started: string[] = [];
    store.tx(() => {
      for (const { place, input } of mapRuns.pending(arn, Math.max(0, room))) {
        const name = randomUUID();
        const child = `${machine.replace(":stateMachine:", ":execution:")}:${name}`;
        executions.create({
          arn: child,
          machine,
          name,
          revision: mapRun.revision!,
          input,
          started_at: clock.now(),
          map_run: arn,
          map_index: place,
        });
        mapRuns.setRunning(arn, place, child);
        started.push(child);
      }
    });
    for (const child of started) engine().sendLater(child, { type: "start" });
  }

  /** In the transaction that ended the child. */
  function endChild({ map_run, map_index, status, output, error, cause }: ExecutionRow): void {
    mapRuns.end(map_run!, map_index!, { status: status as ItemStatus, output, error, cause });
    store.afterCommit(() => startNext(map_run!));
  }

  async function complete(mapRun: MapRun): Promise<void> {
    const output = await resultOf(mapRun);
    engine().sendLater(mapRun.execution, { type: "mapRunSucceeded", id: mapRun.request.id, output });
  }

  async function resultOf(mapRun: MapRun): Promise<Json> {
    const { execution } = executions.load(mapRun.execution)!;
    const branch = execution.branches.get(mapRun.request.branch);
    const reading: EvaluationContext = { execution, chance };
    const state = branch && (stateOf(reading, branch) as MapState);
    const writer = state?.ResultWriter;
    if (branch && isObject(writer) && (writer["Parameters"] ?? writer["Arguments"])) {
      const given = usesJsonata(execution, state!)
        ? await evaluateField(reading, branch, writer["Arguments"]!, "ResultWriter/Arguments")
        : evaluateTemplate(writer["Parameters"]!, scopeOf(reading, branch));
      return writeResults(kernel, mapRuns, mapRun, given as JsonObject, principalOf(execution));
    }
    return mapRuns.items(mapRun.arn, "SUCCEEDED").map(({ output }) => JSON.parse(output!) as Json);
  }

  const fail = ({ execution, request }: MapRun, { error, cause }: { error: string; cause: string }) =>
    engine().sendLater(execution, { type: "mapRunFailed", id: request.id, error, cause });

  /** In the transaction of a turn: ends the runs that its state no longer waits for, and their children. */
  function endAbandoned(outer: Execution, signal: Signal): void {
    for (const { arn, request, status } of mapRuns.of(outer.arn)) {
      if (status !== "RUNNING" || isWaiting(outer, request.id)) continue;
      const own = "id" in signal && signal.id === request.id;
      const end = !own ? "ABORTED" : signal.type === "mapRunSucceeded" ? "SUCCEEDED" : "FAILED";
      mapRuns.finish(arn, end, clock.now());
      if (end === "SUCCEEDED") continue;
      store.afterCommit(() => {
        for (const child of mapRuns.children(arn, "RUNNING")) engine().sendLater(child, { type: "stop" });
      });
    }
  }

  const principalOf = ({ roleArn, name }: Execution): Principal => ({
    kind: "role",
    arn: roleArn,
    session: name.slice(0, 64),
  });

  return {
    create,
    endChild,
    endAbandoned,
    startNext,
    resume() {
      for (const mapRun of mapRuns.running()) {
        if (mapRun.revision === null) begin(mapRun);
        else startNext(mapRun.arn);
      }
      for (const child of mapRuns.orphans()) engine().sendLater(child, { type: "stop" });
    },
    stop() {
      stopped = true;
    },
  };
}

const failuresOf = ({ FAILED, TIMED_OUT, ABORTED }: Counts) => FAILED + TIMED_OUT + ABORTED;
const totalOf = (counts: Counts) => Object.values(counts).reduce((sum, count) => sum + count, 0);

const toFailure = (error: unknown) =>
  error instanceof TaskError || error instanceof StateError
    ? { error: error.error ?? "States.Runtime", cause: error.cause ?? "" }
    : { error: "States.Runtime", cause: (error as Error).message };

/** `arn:...:mapRun:machine/label:id` to `arn:...:stateMachine:machine/label`. */
const childMachine = (arn: string) => arn.replace(":mapRun:", ":stateMachine:").replace(/:[^:]*$/, "");
