// The captures of one hour as a window. A complete hour is stored, so that a day merges 24 small files.
import { readWindow, type Window, type WindowData } from "@sluice/statistics/window/window.ts";
import * as z from "zod";
import { buckets } from "../aws/link.ts";
import { hourFolder } from "../inference/capture.ts";
import type { DeclaredModel } from "../model/model.ts";
import { mapConcurrently } from "../util/map-concurrently.ts";
import { listCaptures, readCaptures } from "./captures.ts";
import { readPart, startPart, storePart } from "./hour-part.ts";
import { hashOfId } from "./id-set.ts";
import { SEED } from "./seed.ts";
import { readJson, writeJson } from "./storage.ts";

export const HOUR_MS = 3_600_000;
const CONCURRENT_FILES = 16;
/** A prediction that is retried may be captured again, in the next hour too. */
const TAIL_MS = 900_000;
const MAX_TAIL = 20_000;
/** Names of versions come from responses. */
const MAX_VERSIONS = 50;

export interface Counted {
  window: Window;
  malformed: number;
  duplicates: number;
  otherVersions: Record<string, number>;
}

export interface Hour extends Counted {
  /** Hashes of the ids of its last minutes. */
  tail: number[];
}

export interface HourScope {
  model: DeclaredModel;
  version: string;
  temperature: number;
  folders: string[];
  /** True when the function must end. */
  expired: () => boolean;
}

const Stored = z.object({
  format: z.literal(1),
  window: z.custom<WindowData>((value) => typeof value === "object" && value !== null),
  malformed: z.number(),
  duplicates: z.number(),
  otherVersions: z.record(z.string(), z.number()),
  tail: z.array(z.number()),
});

const hourKey = ({ model, version }: HourScope, at: number) =>
  `monitoring-hours/${model.name}/${version}/${new Date(at).toISOString().slice(0, 13)}.json`;

export async function readHour(scope: HourScope, at: number): Promise<Hour | undefined> {
  const stored = Stored.safeParse(await readJson(buckets.results(), hourKey(scope, at))).data;
  if (!stored) return undefined;
  const { window: data, format: _, ...counts } = stored;
  // The version was calibrated anew since.
  if (data.temperature !== scope.temperature || data.seed !== SEED) return undefined;
  return { ...counts, window: readWindow(data) };
}

export const storeHour = (scope: HourScope, at: number, hour: Hour): Promise<void> =>
  writeJson(buckets.results(), hourKey(scope, at), { format: 1, ...hour });

/**
 * `known`: hashes of earlier ids. Undefined when the time is over. Then the part that was counted is stored, if all
 * captures of the hour are written, and the next call continues.
 */
export async function computeHour(
  scope: HourScope,
  { at, from, to, known, over }: { at: number; from: number; to: number; known: number[]; over: boolean },
): Promise<Hour | undefined> {
  const { model, version, folders, expired } = scope;
  const place = `${hourKey(scope, at)}.part`;
  const clip = { from: Math.max(from, at), to: Math.min(to, at + HOUR_MS) };
  const part =
    (over && (await readPart(place, clip, scope.temperature))) || startPart(scope.temperature, known);
  const tailFrom = at + HOUR_MS - TAIL_MS;

  async function countFile(key: string) {
    if (part.done.has(key) || expired()) return;
    for await (const captured of readCaptures(key, model)) {
      if (!captured) {
        part.malformed += 1;
        continue;
      }
      const { item } = captured;
      const isNew = part.seen.add(item.id);
      if (isNew && item.at >= tailFrom && part.tail.length < MAX_TAIL) part.tail.push(hashOfId(item.id));
      if (item.at < from || item.at >= to) continue;
      if (!isNew) part.duplicates += 1;
      else if (captured.version === version) part.window.add(item);
      else countVersion(part.otherVersions, captured.version, 1);
    }
    part.done.add(key);
  }

  for (const folder of folders) {
    if (part.folders.includes(folder)) continue;
    for await (const keys of listCaptures([folder], hourFolder(at), part.after)) {
      await mapConcurrently(CONCURRENT_FILES, keys, countFile);
      if (expired()) {
        if (over) await storePart(place, clip, part);
        return undefined;
      }
      part.after = keys.at(-1);
      part.done.clear();
    }
    part.folders.push(folder);
    part.after = undefined;
  }
  const { window, malformed, duplicates, otherVersions, tail } = part;
  return { window, malformed, duplicates, otherVersions, tail };
}

export function countVersion(counts: Record<string, number>, version: string, count: number): void {
  const name =
    Object.hasOwn(counts, version) || Object.keys(counts).length < MAX_VERSIONS ? version : "(others)";
  counts[name] = (counts[name] ?? 0) + count;
}
