// Every change of a deployment, with the event that tells of it, and with the traffic it changes: all or nothing.
import type { Writers } from "../db.ts";
import { defined } from "../util/defined.ts";
import type { Kept } from "../event/about.ts";
import { commit } from "../event/record.ts";
import type { Shift } from "./deployment.ts";
import type { DeploymentItem } from "./deployment.entity.ts";
import type { Traffic } from "../traffic/traffic.ts";

/** False when another request came first. */
export function begin(
  item: DeploymentItem,
  before: Traffic,
  current: DeploymentItem | undefined,
  now: number,
): Promise<boolean> {
  const reason = `Superseded by ${item.id}, version ${item.version}.`;
  const events = [
    ...(current ? [told({ ...current, status: "superseded", reason }, now)] : []),
    told(item, now),
  ];
  return commit(events, now, (writers) => [
    ...(current
      ? [change(writers, current, { status: "superseded", reason, finishedAt: item.startedAt }, now)]
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
  Pick<DeploymentItem, "status" | "step" | "reason" | "shift" | "finishedAt" | "previous" | "asked">
> & { note?: string };

/** What becomes of the model's traffic with it; `null` takes a field away. */
export type TrafficChange = { [Field in keyof Omit<Traffic, "model" | "changedAt">]?: Traffic[Field] | null };

/** Undefined when somebody else moved it on first. */
export async function move(
  item: DeploymentItem,
  to: Change,
  now: number,
  traffic?: TrafficChange,
): Promise<DeploymentItem | undefined> {
  const next = after(item, to, now);
  const done = await commit([told(next, now)], now, (writers) => [
    change(writers, item, to, now),
    ...(traffic ? [redirect(writers, item.model, item.id, traffic, now)] : []),
  ]);
  return done ? next : undefined;
}

/** Whether it is split in the same way; how far it has come does not matter. */
export function shiftsAlike(one: Shift | undefined, other: Shift | undefined): boolean {
  const how = (shift: Shift | undefined) =>
    JSON.stringify([shift?.shares, shift?.everySeconds, shift?.maxErrorRate]);
  return how(one) === how(other);
}

function after(item: DeploymentItem, { note, ...to }: Change, now: number): DeploymentItem {
  const at = new Date(now).toISOString();
  const news = to.step !== undefined && (to.step !== item.step || note !== undefined);
  const times = news ? [...item.times, { step: to.step, at, ...(note && { note }) }] : item.times;
  return { ...item, ...to, times, revision: item.revision + 1, changedAt: at };
}

function change(writers: Writers, item: DeploymentItem, to: Change, now: number) {
  const { id, startedAt, model, ...next } = after(item, to, now);
  const absent = (["shift", "reason"] as const).filter((field) => field in to && to[field] === undefined);
  return writers.deployment
    .update({ id })
    .set(defined({ ...next, model, startedAt }))
    .remove(absent)
    .where((is, { eq }) => `${eq(is.revision, item.revision)} AND ${eq(is.status, "running")}`)
    .commit();
}

/** Only while the traffic is this deployment's to direct. */
function redirect(writers: Writers, model: string, deployment: string, to: TrafficChange, now: number) {
  const fields = Object.keys(to) as (keyof TrafficChange)[];
  const set = Object.fromEntries(
    fields.filter((field) => to[field] !== null).map((field) => [field, to[field]]),
  );
  return writers.traffic
    .update({ model })
    .set({ ...set, changedAt: new Date(now).toISOString() })
    .remove(fields.filter((field) => to[field] === null))
    .where((is, { eq }) => eq(is.deployment, deployment))
    .commit();
}

const statusOf = { running: "started", live: "live", failed: "failed", superseded: "failed" } as const;

function told({ id, model, endpoint, version, step, status, reason }: DeploymentItem, now: number): Kept {
  const detail = { id, model, endpoint, version, step, status: statusOf[status], reason };
  return { type: "deployment.changed", detail: { ...detail, changedAt: new Date(now).toISOString() } };
}
