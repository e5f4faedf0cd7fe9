// One import of the label file in the bucket, as the queue's message tells of it. Prints figures.
import { arrivalMessage } from "@sluice/core/upload/arrival.ts";
import { importLabels } from "@sluice/core/label/import-labels.ts";
import { importId } from "@sluice/core/label/import-run.ts";
import { getImport } from "@sluice/core/label/imports.ts";

export interface Imported {
  seconds: number;
  processorS: number;
  peakMb: number;
  added: number;
  problemCount: number;
}

const KEY = "labels/vehicles/million.csv";
const etag = "million";
const source = { bucket: "uploads", key: KEY, etag };
const uploadedAt = "2026-11-21T00:00:00.000Z";

const began = performance.now();
await importLabels(arrivalMessage({ source, uploadedAt }), { receives: 1, now: Date.now() });
const seconds = (performance.now() - began) / 1_000;
const { added, problemCount } = await getImport(importId("uploads", KEY, etag));
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
const measured: Imported = {
  seconds,
  processorS: (userCPUTime + systemCPUTime) / 1e6,
  peakMb: maxRSS / 1_024,
  added,
  problemCount,
};
process.stdout.write(JSON.stringify(measured));
