// Branches inside Map and Parallel states.
import type { Json } from "../language/json.ts";
import type { MapState, ParallelState } from "./definition.ts";
import type { Branch, ChildrenPhase, Parent } from "./execution.ts";
import { evaluateArguments } from "./fields.ts";
import { blockOf, record, type Run } from "./run.ts";
import { selectItem } from "./state/map-items.ts";

export async function startParallel(run: Run, branch: Branch, state: ParallelState): Promise<void> {
  const input = await evaluateArguments(run, branch, state);
  const started = record(run, branch.lastEvent, "ParallelStateStarted");
  branch.lastEvent = started;
  branch.phase = {
    type: "children",
    outputs: state.Branches.map(() => undefined),
    running: state.Branches.length,
    pending: [],
  };
  for (const index of state.Branches.keys())
    startChild(run, branch, [branch.state, index], { branch: branch.id, index }, input, started);
}

export async function startIterations(
  run: Run,
  branch: Branch,
  state: MapState,
  items: Json[],
  concurrency: number,
): Promise<void> {
  const pending: ChildrenPhase["pending"] = [];
  for (const [index, value] of items.entries())
    pending.push({ index, value, input: await selectItem(run, branch, state, value, index) });
  const phase: ChildrenPhase = { type: "children", outputs: items.map(() => undefined), running: 0, pending };
  branch.phase = phase;
  const first = Math.min(items.length, concurrency || items.length);
  for (let count = 0; count < first; count += 1) startIteration(run, branch, phase, branch.lastEvent);
}

/** Starts the next iteration, if one is left. */
export function startIteration(run: Run, branch: Branch, phase: ChildrenPhase, previous: number): void {
  const next = phase.pending.shift();
  if (!next) return;
  phase.running += 1;
  const { index, input, value } = next;
  const started = record(run, previous, "MapIterationStarted", iterationDetails("Started", branch, index));
  startChild(run, branch, [branch.state], { branch: branch.id, index, item: { value } }, input, started);
}

export const iterationDetails = (end: string, { state }: Branch, index: number) => ({
  [`mapIteration${end}EventDetails`]: { name: state, index },
});

function startChild(
  run: Run,
  outer: Branch,
  place: Branch["block"],
  parent: Parent,
  input: Json,
  previous: number,
): void {
  startBranch(run, { block: [...outer.block, ...place], parent, input, lastEvent: previous });
}

/** At the first state of its block. */
export function startBranch(run: Run, begin: Pick<Branch, "block" | "parent" | "input" | "lastEvent">): void {
  const { execution } = run;
  const branch: Branch = {
    ...begin,
    id: execution.nextBranch++,
    state: blockOf(execution, begin.block).StartAt,
    variables: {},
    entered: { event: 0, previous: 0, at: run.now },
    retries: [],
    retryCount: 0,
    phase: { type: "enter" },
  };
  execution.branches.set(branch.id, branch);
  run.ready.push(branch.id);
}

/** Removes the branches inside a branch that failed or was stopped. */
export function removeChildren(run: Run, branch: Branch): void {
  for (const child of run.execution.branches.values()) {
    if (child.parent?.branch !== branch.id) continue;
    removeChildren(run, child);
    run.execution.branches.delete(child.id);
  }
}
