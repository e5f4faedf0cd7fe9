// The captures of one hour as a window. A complete hour is stored, so that a day merges 24 small files.
import { readWindow, createWindow, type Window, type WindowData } from "@sluice/statistics/window/window.ts";
import * as z from "zod";
import { buckets } from "../aws/link.ts";
import { hourFolder } from "../inference/capture.ts";
import type { DeclaredModel } from "../model/model.ts";
import { mapConcurrently } from "../util/map-concurrently.ts";
import { listCaptures, readCaptures } from "./captures.ts";
import { createIdSet, hashOfId } from "./id-set.ts";
import { readJson, writeJson } from "./storage.ts";

export const HOUR_MS = 3_600_000;
/** Of the choice of embeddings: windows that are merged use one seed. */
export const SEED = 1;
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

/** `known`: hashes of earlier ids. Undefined when the time is over. */
export async function computeHour(
  { model, version, temperature, folders, expired }: HourScope,
  { at, from, to, known }: { at: number; from: number; to: number; known: number[] },
): Promise<Hour | undefined> {
  const window = createWindow({ seed: SEED, temperature });
  const seen = createIdSet();
  for (const hash of known) seen.addHash(hash);
  const otherVersions: Record<string, number> = {};
  const tail: number[] = [];
  let [malformed, duplicates] = [0, 0];
  const tailFrom = at + HOUR_MS - TAIL_MS;

  async function countFile(key: string) {
    if (expired()) return;
    for await (const captured of readCaptures(key, model)) {
      if (!captured) {
        malformed += 1;
        continue;
      }
      const { item } = captured;
      const isNew = seen.add(item.id);
      if (isNew && item.at >= tailFrom && tail.length < MAX_TAIL) tail.push(hashOfId(item.id));
      if (item.at < from || item.at >= to) continue;
      if (!isNew) duplicates += 1;
      else if (captured.version === version) window.add(item);
      else countVersion(otherVersions, captured.version, 1);
    }
  }

  for await (const keys of listCaptures(folders, hourFolder(at))) {
    await mapConcurrently(CONCURRENT_FILES, keys, countFile);
    if (expired()) return undefined;
  }
  return { window, malformed, duplicates, otherVersions, tail };
}

export function countVersion(counts: Record<string, number>, version: string, count: number): void {
  const name =
    Object.hasOwn(counts, version) || Object.keys(counts).length < MAX_VERSIONS ? version : "(others)";
  counts[name] = (counts[name] ?? 0) + count;
}
