// node bench/monitoring/report.ts <baseline.jsonl> <window.jsonl>: the report of the monitor on files of responses, hour by hour
// as the monitor counts them. Prints figures.
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { Monitoring } from "@sluice/models/schema.ts";
import { compareWindows } from "@sluice/statistics/window/compare.ts";
import { toMonitoredItem } from "@sluice/statistics/window/response.ts";
import { createWindow, readWindow, type Window } from "@sluice/statistics/window/window.ts";
import type { CaptureLine } from "./captures.ts";

const SEED = 1;
const HOUR_MS = 3_600_000;

export interface Measured {
  records: number;
  windowSeconds: number;
  /** Of the processor: other programs do not change it. */
  windowCpuSeconds: number;
  compareSeconds: number;
  peakMb: number;
  /** Of the stored window. */
  storedKb: number;
  /** Effects by test and name. */
  effects: Record<string, number>;
}

/** Each hour is stored and read again. */
async function readDay(file: string): Promise<Window> {
  const day = createWindow({ seed: SEED });
  let hour = createWindow({ seed: SEED });
  const close = () => {
    day.merge(readWindow(JSON.parse(JSON.stringify(hour))));
    hour = createWindow({ seed: SEED });
  };
  let current = 0;
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const { id, at, ...response } = JSON.parse(line) as CaptureLine;
    const of = Math.floor(at / HOUR_MS);
    if (of !== current) close();
    current = of;
    hour.add(toMonitoredItem(response, { id, at, reachesGate: () => true }));
  }
  close();
  return day;
}

const [baselineFile, windowFile] = process.argv.slice(2) as [string, string];
const before = (await readDay(baselineFile)).toJSON();
const began = performance.now();
const cpuBefore = process.cpuUsage();
const window = await readDay(windowFile);
const read = performance.now();
const cpu = process.cpuUsage(cpuBefore);
const { thresholds, falseAlarms } = Monitoring.parse({});
const { findings } = compareWindows(
  { format: 1, model: "bench", version: "1", source: "evaluation", temperature: 1, window: before },
  window,
  { thresholds, falseAlarms, seed: SEED },
);
const measured: Measured = {
  records: window.count,
  windowSeconds: (read - began) / 1_000,
  windowCpuSeconds: (cpu.user + cpu.system) / 1e6,
  compareSeconds: (performance.now() - read) / 1_000,
  peakMb: process.resourceUsage().maxRSS / 1_024,
  storedKb: JSON.stringify(window).length / 1_024,
  effects: Object.fromEntries(findings.map(({ test, name, effect }) => [`${test} ${name}`, effect])),
};
process.stdout.write(JSON.stringify(measured));
