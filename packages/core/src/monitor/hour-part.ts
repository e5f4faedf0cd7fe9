// The part of an hour that was counted before the time of a run ended.
import { createWindow, readWindow, type Window, type WindowData } from "@sluice/statistics/window/window.ts";
import * as z from "zod";
import { buckets } from "../aws/link.ts";
import { createIdSet, type IdSet } from "./id-set.ts";
import { SEED } from "./seed.ts";
import { readJson, writeJson } from "./storage.ts";

export interface HourPart {
  /** Folders that are counted. */
  folders: string[];
  /** In the next folder: the key before the page that is not complete, and the keys of that page that are counted. */
  after: string | undefined;
  done: Set<string>;
  window: Window;
  malformed: number;
  duplicates: number;
  otherVersions: Record<string, number>;
  tail: number[];
  /** Ids that were counted. */
  seen: IdSet;
}

/** The period that is counted: epoch ms. */
interface Clip {
  from: number;
  to: number;
}

const Stored = z.object({
  format: z.literal(1),
  from: z.number(),
  to: z.number(),
  folders: z.array(z.string()),
  after: z.string().optional(),
  done: z.array(z.string()),
  window: z.custom<WindowData>((value) => typeof value === "object" && value !== null),
  malformed: z.number(),
  duplicates: z.number(),
  otherVersions: z.record(z.string(), z.number()),
  tail: z.array(z.number()),
  /** Base64 of 64-bit floats: half of their length as JSON. */
  seen: z.base64(),
});

export const startPart = (temperature: number, known: ArrayLike<number>): HourPart => ({
  folders: [],
  after: undefined,
  done: new Set(),
  window: createWindow({ seed: SEED, temperature }),
  malformed: 0,
  duplicates: 0,
  otherVersions: {},
  tail: [],
  seen: createIdSet(known),
});

/** Undefined if none is stored, or one of another period or calibration. */
export async function readPart(
  key: string,
  { from, to }: Clip,
  temperature: number,
): Promise<HourPart | undefined> {
  const stored = Stored.safeParse(await readJson(buckets.results(), key)).data;
  if (!stored || stored.from !== from || stored.to !== to || stored.window.temperature !== temperature)
    return undefined;
  const { folders, after, done, malformed, duplicates, otherVersions, tail } = stored;
  const bytes = Uint8Array.from(Buffer.from(stored.seen, "base64"));
  const seen = createIdSet(new Float64Array(bytes.buffer));
  const window = readWindow(stored.window);
  return { folders, after, done: new Set(done), window, malformed, duplicates, otherVersions, tail, seen };
}

export function storePart(key: string, clip: Clip, { done, seen, ...part }: HourPart): Promise<void> {
  const hashes = Buffer.from(seen.hashes().buffer).toString("base64");
  return writeJson(buckets.results(), key, { format: 1, ...clip, ...part, done: [...done], seen: hashes });
}
