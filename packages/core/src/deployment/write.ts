// Writes a deployment, its event and the traffic it changes in one transaction.
import type { Writers } from "../db.ts";
import { commit } from "../event/record.ts";
import type { Traffic } from "../traffic/traffic.ts";
import { withoutUndefined } from "../util/without-undefined.ts";
import type { DeploymentItem } from "./deployment.entity.ts";
import { changedEvent } from "./deployment.event.ts";
import type { Shift } from "./deployment.ts";

/** False when another request was first. */
export function createDeployment(
  item: DeploymentItem,
  before: Traffic,
  current: DeploymentItem | undefined,
  now: number,
): Promise<boolean> {
  const reason = `Superseded by ${item.id}, version ${item.version}.`;
  const events = [
    ...(current ? [changedEvent({ ...current, status: "superseded", reason }, now)] : []),
    changedEvent(item, now),
  ];
  return commit(events, now, (writers) => [
    ...(current
      ? [update(writers, current, { status: "superseded", reason, finishedAt: item.startedAt }, now)]
      : []),
    writers.deployment.create(item).commit(),
    writers.traffic
      .update({ model: item.model })
      .set({ deployment: item.id, changedAt: item.startedAt })
      .where((is, { eq, notExists }) =>
        before.deployment ? eq(is.deployment, before.deployment) : notExists(is.deployment),
      )
      .commit(),
  ]);
}

export type Change = Partial<
  Pick<
    DeploymentItem,
    | "status"
    | "step"
    | "reason"
    | "shift"
    | "comparisons"
    | "finishedAt"
    | "previous"
    | "modifiedBefore"
    | "hosting"
    | "requested"
    | "config"
  >
> & { note?: string };

/** A change of the model's traffic; `null` removes a field. */
export type TrafficChange = { [Field in keyof Omit<Traffic, "model" | "changedAt">]?: Traffic[Field] | null };

/** Undefined when another caller wrote the deployment first. */
export async function updateDeployment(
  item: DeploymentItem,
  to: Change,
  now: number,
  traffic?: TrafficChange,
): Promise<DeploymentItem | undefined> {
  const next = after(item, to, now);
  const written = await commit([changedEvent(next, now)], now, (writers) => [
    update(writers, item, to, now),
    ...(traffic ? [updateTraffic(writers, item, traffic, now)] : []),
  ]);
  return written ? next : undefined;
}

/** True for shifts with the same shares, pace and error rate, regardless of their progress. */
export function isSameShift(one: Shift | undefined, other: Shift | undefined): boolean {
  const options = (shift: Shift | undefined) =>
    JSON.stringify([shift?.shares, shift?.everySeconds, shift?.maxErrorRate]);
  return options(one) === options(other);
}

function after(item: DeploymentItem, { note, ...to }: Change, now: number): DeploymentItem {
  const at = new Date(now).toISOString();
  const started =
    to.step !== undefined && (to.step !== item.step || note !== undefined)
      ? [{ step: to.step, at, ...(note && { note }) }]
      : [];
  return {
    ...item,
    ...to,
    times: [...item.times, ...started],
    revision: item.revision + 1,
    changedAt: at,
  };
}

function update(writers: Writers, item: DeploymentItem, to: Change, now: number) {
  const { id, startedAt, model, ...next } = after(item, to, now);
  const removed = (["shift", "reason"] as const).filter((field) => field in to && to[field] === undefined);
  return writers.deployment
    .update({ id })
    .set(withoutUndefined({ ...next, model, startedAt }))
    .remove(removed)
    .where((is, { eq }) => `${eq(is.revision, item.revision)} AND ${eq(is.status, "running")}`)
    .commit();
}

/** Fails when another deployment owns the traffic. */
function updateTraffic(writers: Writers, { id, model }: DeploymentItem, change: TrafficChange, now: number) {
  const fields = Object.keys(change) as (keyof TrafficChange)[];
  const set = Object.fromEntries(
    fields.filter((field) => change[field] !== null).map((field) => [field, change[field]]),
  );
  return writers.traffic
    .update({ model })
    .set({ ...set, changedAt: new Date(now).toISOString() })
    .remove(fields.filter((field) => change[field] === null))
    .where((is, { eq }) => eq(is.deployment, id))
    .commit();
}
