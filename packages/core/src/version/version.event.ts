import * as z from "zod";
import { type ModelVersion, versionSources } from "./version.ts";

const changed = {
  subject: "version",
  detail: z.object({
    model: z.string(),
    version: z.string(),
    digest: z.string(),
    packageUri: z.string(),
    source: z.enum(versionSources),
    dataset: z.string().optional(),
    run: z.string().optional(),
    metrics: z.record(z.string(), z.number()).optional(),
    reason: z.string().optional(),
    changedAt: z.string(),
  }),
} as const;

export const versionEvents = {
  "version.registered": changed,
  "version.accepted": changed,
  "version.refused": changed,
} as const;

export const changedEvent = <Type extends keyof typeof versionEvents>(
  type: Type,
  version: ModelVersion,
  now: number,
) => ({ type, detail: { ...version, changedAt: new Date(now).toISOString() } });
