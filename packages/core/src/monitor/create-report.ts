// Writes a report: its files first, then its record and its event in one transaction, then its metrics.
import type { Baseline } from "@sluice/statistics/window/baseline.ts";
import { compareWindows, type Comparison } from "@sluice/statistics/window/compare.ts";
import { buckets } from "../aws/link.ts";
import { commit } from "../event/record.ts";
import type { StoredEvent } from "../events.ts";
import { log } from "../log.ts";
import { listPredictions } from "../prediction/list.ts";
import type { Runtime } from "../util/runtime.ts";
import { withoutUndefined } from "../util/without-undefined.ts";
import { findExamples } from "./examples.ts";
import { constraintsFile, statisticsFile, violationsFile } from "./files.ts";
import type { Counted } from "./hour.ts";
import { SEED } from "./seed.ts";
import { reportMetrics } from "./metrics.ts";
import type { Served } from "./monitored.ts";
import { getReport } from "./read.ts";
import { DriftReport, type ReportTrigger } from "./report.ts";
import { reportId } from "./report-id.ts";
import type { Bounds } from "./schedule.ts";
import { writeJson } from "./storage.ts";

export interface ReportContext {
  served: Served;
  bounds: Bounds;
  trigger: ReportTrigger;
  runtime: Runtime;
}

const RETENTION_SECONDS = 400 * 86_400;
/** The resolution of a capture's time. */
export const SECOND_MS = 1_000;

type Counts = Omit<Counted, "window"> & { count: number };
const NOTHING: Counts = { count: 0, malformed: 0, duplicates: 0, otherVersions: {} };

export async function createReport(
  context: ReportContext,
  baseline: Baseline,
  { window, ...counts }: Counted,
): Promise<DriftReport> {
  const { thresholds, falseAlarms } = context.served.monitoring;
  const compared = compareWindows(baseline, window, { thresholds, falseAlarms, seed: SEED });
  const comparison = window.count === 0 ? await explainEmpty(context, compared) : compared;
  const report = reportOf(context, comparison, { ...counts, count: window.count }, window.to);
  if (comparison.status === "insufficient") return storeReport(report, context);
  const examples = comparison.status === "drift" ? findExamples(baseline, window) : undefined;
  const files = {
    "statistics.json": statisticsFile(window),
    "constraints.json": constraintsFile(baseline, thresholds.inputs),
    "constraint_violations.json": violationsFile(comparison.findings),
  };
  await Promise.all(
    Object.entries(files).map(([name, file]) => writeJson(buckets.results(), `${report.key}${name}`, file)),
  );
  return storeReport({ ...report, examples }, context);
}

/** A report without a comparison. */
export const insufficientReport = (context: ReportContext, reason: string): Promise<DriftReport> =>
  storeReport(
    reportOf(context, { status: "insufficient", reason, findings: [] }, NOTHING, undefined),
    context,
  );

/** Missing captures are a fault; a model that nobody used is not. */
async function explainEmpty(
  { served: { model, monitoring }, bounds }: ReportContext,
  comparison: Comparison,
): Promise<Comparison> {
  const [from, to] = [bounds.from, bounds.to].map((at) => new Date(at).toISOString());
  const { items } = await listPredictions({ model: model.name, status: "completed", from, to, limit: 1 });
  if (items.length === 0) return comparison;
  const reason =
    `There are predictions, but no captures of this version. \`monitoring.capture\` is ${monitoring.capture}; ` +
    "the log of the model's function names failed captures.";
  return { ...comparison, reason };
}

function reportOf(
  { served, bounds, trigger, runtime }: ReportContext,
  { status, reason, findings, harm, harmUnknown }: Comparison,
  { count, malformed, duplicates, otherVersions }: Counts,
  last: number | undefined,
): DriftReport {
  // A manual window ends with its last prediction: the next one starts there.
  const to = trigger === "manual" && last !== undefined ? last + SECOND_MS : bounds.to;
  const id = reportId({ served, trigger, to, ...(trigger === "manual" && { count }) });
  const { model, version, endpoint } = served;
  return {
    id,
    model: model.name,
    modelVersion: version.version,
    endpoint,
    trigger,
    from: new Date(bounds.from).toISOString(),
    to: new Date(to).toISOString(),
    count,
    malformed,
    duplicates,
    otherVersions,
    status,
    reason,
    findings: findings.map((finding) => ({
      ...finding,
      pValue: storable(finding.pValue),
      adjustedPValue: storable(finding.adjustedPValue),
    })),
    harm,
    harmUnknown,
    key: `monitoring/${model.name}/${id}/`,
    createdAt: new Date(runtime.now()).toISOString(),
  };
}

/** DynamoDB refuses smaller numbers. */
const SMALLEST = 1e-130;
const storable = (pValue: number) => (pValue < SMALLEST ? 0 : pValue);

/** The stored one, if another run was faster. */
async function storeReport(report: DriftReport, { runtime }: ReportContext): Promise<DriftReport> {
  const now = runtime.now();
  const item = { ...report, expires: Math.floor(now / 1_000) + RETENTION_SECONDS };
  const written = await commit(eventsOf(report, now), now, ({ driftReport }) => [
    driftReport.create(withoutUndefined(item)).commit(),
  ]);
  if (!written) return getReport(report.id);
  const { id, model, status, reason, count } = report;
  log().info("Monitored", { report: id, model, status, reason, count });
  if (status !== "insufficient") runtime.print(reportMetrics(report, now));
  return DriftReport.parse(withoutUndefined(report));
}

function eventsOf(report: DriftReport, now: number): StoredEvent[] {
  if (report.status !== "drift") return [];
  const changedAt = new Date(now).toISOString();
  const findings = report.findings.filter(({ drifted }) => drifted);
  return [{ type: "drift.detected", detail: { ...report, findings, changedAt } }];
}
