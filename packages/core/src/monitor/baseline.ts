// The baseline of a version: of its evaluation, else of its first captured predictions.
import type { Baseline } from "@sluice/statistics/window/baseline.ts";
import type { MonitoredItem } from "@sluice/statistics/window/item.ts";
import { createWindow, type WindowData } from "@sluice/statistics/window/window.ts";
import * as z from "zod";
import { buckets } from "../aws/link.ts";
import { hourFolder } from "../inference/capture.ts";
import type { DeclaredModel } from "../model/model.ts";
import { mapConcurrently } from "../util/map-concurrently.ts";
import type { ModelVersion } from "../version/version.ts";
import { hasCaptures, listCaptures, readCaptures } from "./captures.ts";
import { HOUR_MS } from "./hour.ts";
import { hourOf } from "./collect.ts";
import { SEED } from "./seed.ts";
import { readJson, writeJson } from "./storage.ts";

const DAY_MS = 24 * HOUR_MS;
/** Captures before it are not searched. */
const SEARCH_DAYS = 30;
const CONCURRENT_FILES = 16;

const Stored = z.object({
  format: z.literal(1),
  model: z.string(),
  version: z.string(),
  source: z.enum(["evaluation", "captured"]),
  temperature: z.number(),
  measured: z
    .object({ metric: z.enum(["accuracy", "precision"]), value: z.number(), count: z.number() })
    .optional(),
  window: z.custom<WindowData>((value) => typeof value === "object" && value !== null),
});

const capturedKey = (model: string, version: string) => `monitoring/${model}/${version}/baseline.json`;

/** A captured one replaces the one of the evaluation: it is built only without an evaluation, or on request. */
export async function readBaseline(version: ModelVersion): Promise<Baseline | undefined> {
  const captured = await readStored(capturedKey(version.model, version.version));
  return captured ?? evaluatedBaseline(version);
}

async function evaluatedBaseline({ evaluationKey }: ModelVersion): Promise<Baseline | undefined> {
  return evaluationKey === undefined
    ? undefined
    : readStored(evaluationKey.replace(/[^/]*$/, "baseline.json"));
}

const readStored = async (key: string): Promise<Baseline | undefined> =>
  Stored.safeParse(await readJson(buckets.artifacts(), key)).data;

export interface BaselineScope {
  model: DeclaredModel;
  version: ModelVersion;
  folders: string[];
  /** Predictions that form it. */
  count: number;
  now: number;
  expired: () => boolean;
}

export type BuiltBaseline =
  | { baseline: Baseline }
  /** Predictions of the version that were found, of those that it needs. */
  | { found: number; needed: number };

/** Of the version's first captures, or of its last ones, and stored. Undefined when the time is over. */
export async function buildBaseline(
  scope: BaselineScope,
  from: "first" | "last",
): Promise<BuiltBaseline | undefined> {
  const { model, version, count } = scope;
  const items = await findItems(scope, from);
  if (!items) return undefined;
  if (items.length < count) return { found: items.length, needed: count };
  // The temperature stays the one that was fitted on labeled items.
  const temperature = (await evaluatedBaseline(version))?.temperature ?? 1;
  const window = createWindow({ seed: SEED, temperature });
  for (const item of items) window.add(item);
  const baseline: Baseline = {
    format: 1,
    model: model.name,
    version: version.version,
    source: "captured",
    temperature,
    window: window.toJSON(),
  };
  await writeJson(buckets.artifacts(), capturedKey(model.name, version.version), baseline);
  return { baseline };
}

/** Up to `count` items of the version, in the order of time, each id once. */
async function findItems(scope: BaselineScope, from: "first" | "last"): Promise<MonitoredItem[] | undefined> {
  const { count, folders, version, now, expired } = scope;
  const start = Math.max(Date.parse(version.createdAt), now - SEARCH_DAYS * DAY_MS);
  const found = new Map<string, MonitoredItem>();
  for await (const hour of hoursWithCaptures(folders, start, now, from === "last")) {
    if (expired()) return undefined;
    for (const item of await itemsOfHour(scope, hour, from === "last"))
      if (!found.has(item.id)) found.set(item.id, item);
    if (found.size >= count) break;
  }
  const ordered = [...found.values()].sort((left, right) => left.at - right.at);
  return from === "first" ? ordered.slice(0, count) : ordered.slice(-count);
}

async function* hoursWithCaptures(folders: string[], from: number, to: number, backward: boolean) {
  const days = [];
  for (let day = Math.floor(from / DAY_MS) * DAY_MS; day <= to; day += DAY_MS) days.push(day);
  for (const day of backward ? days.reverse() : days) {
    const dayFolder = hourFolder(day).slice(0, "yyyy/mm/dd".length);
    if (!(await hasCaptures(folders, dayFolder))) continue;
    const hours = Array.from({ length: 24 }, (_, hour) => day + hour * HOUR_MS);
    for (const hour of backward ? hours.reverse() : hours) if (hour >= hourOf(from) && hour <= to) yield hour;
  }
}

/** Of the first or last files of the hour, until they have `count` items. */
async function itemsOfHour(
  { model, version, folders, count }: BaselineScope,
  hour: number,
  backward: boolean,
): Promise<MonitoredItem[]> {
  const keys: string[] = [];
  for await (const page of listCaptures(folders, hourFolder(hour))) keys.push(...page);
  keys.sort((left, right) => (backward ? -1 : 1) * (timeOf(left) - timeOf(right)));
  const items: MonitoredItem[] = [];
  for (let at = 0; at < keys.length && items.length < count; at += CONCURRENT_FILES) {
    const files = await mapConcurrently(
      CONCURRENT_FILES,
      keys.slice(at, at + CONCURRENT_FILES),
      async (key) => {
        const ofFile: MonitoredItem[] = [];
        for await (const captured of readCaptures(key, model)) {
          if (captured?.version === version.version) ofFile.push(captured.item);
          if (ofFile.length === count) break;
        }
        return ofFile;
      },
    );
    items.push(...files.flat());
  }
  return items;
}

/** Of the first invocation of a file, from its name. */
const timeOf = (key: string) => Number(/-(\d+)\.jsonl$/.exec(key)?.[1] ?? 0);
