// Compares the captured predictions of a model with the baseline of its live version.
import { log } from "../log.ts";
import { systemRuntime, type Runtime } from "../util/runtime.ts";
import { type BaselineScope, buildBaseline, type BuiltBaseline, readBaseline } from "./baseline.ts";
import { captureFolders } from "./captures.ts";
import { collectWindow } from "./collect.ts";
import { createReport, insufficientReport, type ReportContext, SECOND_MS } from "./create-report.ts";
import { findServed, getMonitored, getServed, type Served } from "./monitored.ts";
import { findReport, latestReport } from "./read.ts";
import { type DriftReport, type ReportTrigger } from "./report.ts";
import { reportId } from "./report-id.ts";
import { type Bounds, manualBounds, scheduledBounds } from "./schedule.ts";

/** Reserved before the deadline for the comparison and its report. */
const CLOSING_MS = 15_000;

/** Each hour: sums up the captures of complete hours, and compares when a window of the schedule is complete. */
export async function monitorOnSchedule(
  name: string,
  deadline: number,
  runtime: Runtime = systemRuntime,
): Promise<DriftReport | undefined> {
  const served = await findServed(getMonitored(name));
  if (!served) {
    log().info("Nothing to monitor: no version is live", { model: name });
    return undefined;
  }
  const { version, monitoring } = served;
  const now = runtime.now();
  const earlier = await latestReport(name, version.version, now, "schedule");
  const bounds = scheduledBounds(monitoring.schedule, earlier, now);
  const done =
    bounds.to <= Date.parse(version.createdAt) ||
    (await findReport(reportId({ served, trigger: "schedule", to: bounds.to })));
  if (!done) {
    const report = await compare(served, bounds, "schedule", deadline, runtime);
    if (!report)
      log().warn("The time ended before the window was read; the next run continues", { model: name });
    return report;
  }
  await sumUp(served, { from: bounds.to, to: now }, deadline, runtime);
  return undefined;
}

/** At once, since the latest report. Undefined when the time is over: call again to continue. */
export async function monitorNow(
  name: string,
  deadline: number,
  runtime: Runtime = systemRuntime,
): Promise<DriftReport | undefined> {
  const served = await getServed(name);
  const now = runtime.now();
  // Captures have whole seconds: one that is not over would be split between two windows.
  const to = Math.ceil(now / SECOND_MS) * SECOND_MS;
  await runtime.sleep(to - now);
  const earlier = await latestReport(name, served.version.version, now);
  const bounds = manualBounds(served.monitoring.schedule, earlier, to);
  return compare(served, bounds, "manual", deadline, runtime);
}

/** The next comparison then only merges the stored hours. */
async function sumUp(served: Served, bounds: Bounds, deadline: number, runtime: Runtime): Promise<void> {
  const temperature = (await readBaseline(served.version))?.temperature ?? 1;
  await collect(served, bounds, temperature, await captureFolders(served.model.name), deadline, runtime);
}

async function compare(
  served: Served,
  bounds: Bounds,
  trigger: ReportTrigger,
  deadline: number,
  runtime: Runtime,
): Promise<DriftReport | undefined> {
  const folders = await captureFolders(served.model.name);
  const context: ReportContext = { served, bounds, trigger, runtime };
  const built = await findBaseline(served, folders, deadline, runtime);
  if (!built) return undefined;
  if ("found" in built) return insufficientReport(context, describeMissing(built, served));
  const { baseline } = built;
  // The predictions of the baseline are not compared with it.
  const first = baseline.source === "captured" ? (baseline.window.to ?? 0) + 1 : 0;
  const from = Math.max(bounds.from, Math.min(first, bounds.to));
  const { temperature } = baseline;
  const counted = await collect(served, { from, to: bounds.to }, temperature, folders, deadline, runtime);
  if (!counted) return undefined;
  return createReport({ ...context, bounds: { from, to: bounds.to } }, baseline, counted);
}

async function findBaseline(
  served: Served,
  folders: string[],
  deadline: number,
  runtime: Runtime,
): Promise<BuiltBaseline | undefined> {
  const baseline = await readBaseline(served.version);
  return baseline ? { baseline } : buildBaseline(baselineScope(served, folders, deadline, runtime), "first");
}

/** Of the latest captured predictions: what they look like now is normal from now on. */
export async function rebuildBaseline(
  name: string,
  count: number | undefined,
  deadline: number,
  runtime: Runtime = systemRuntime,
): Promise<BuiltBaseline | undefined> {
  const served = await getServed(name);
  const scope = baselineScope(served, await captureFolders(name), deadline, runtime);
  return buildBaseline({ ...scope, count: count ?? scope.count }, "last");
}

const describeMissing = ({ found, needed }: { found: number; needed: number }, { version }: Served) =>
  `Version ${version.version} has no baseline yet: ${found} of ${needed} predictions are captured.`;

function baselineScope(served: Served, folders: string[], deadline: number, runtime: Runtime): BaselineScope {
  const { model, version, monitoring } = served;
  const now = runtime.now();
  return { model, version, folders, count: monitoring.baseline, now, expired: expiry(deadline, runtime) };
}

const expiry = (deadline: number, runtime: Runtime) => () => runtime.now() > deadline - CLOSING_MS;

const collect = (
  { model, version: { version } }: Served,
  bounds: Bounds,
  temperature: number,
  folders: string[],
  deadline: number,
  runtime: Runtime,
) =>
  collectWindow(
    { model, version, temperature, folders, expired: expiry(deadline, runtime) },
    { ...bounds, now: runtime.now() },
  );
