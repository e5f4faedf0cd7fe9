import * as z from "zod";
import { db } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import { pageOf } from "../util/page.ts";
import { fn } from "../util/fn.ts";
import { getModel } from "../model/model.ts";
import { readBaseline } from "./baseline.ts";
import { findServed, getMonitored } from "./monitored.ts";
import { DriftReport, type ReportTrigger } from "./report.ts";
import { nextRun } from "./schedule.ts";

export const ReportQuery = z.object({
  model: z.string(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().max(2_000).optional(),
});

/** A model's reports, the latest window first. */
export const listReports = fn(ReportQuery, async ({ model, limit, cursor }) => {
  getModel(model);
  const query = db().entities.driftReport.query.byModel({ model });
  return pageOf(query, { limit, cursor, order: "desc" }, (item) => DriftReport.parse(item));
});

export async function findReport(id: string): Promise<DriftReport | undefined> {
  const { data } = await db().entities.driftReport.get({ id }).go({ consistent: true });
  return data ? DriftReport.parse(data) : undefined;
}

export async function getReport(id: string): Promise<DriftReport> {
  const found = await findReport(id);
  if (found) return found;
  throw new SluiceError("REPORT_UNKNOWN", `There is no drift report ${id}.`, { details: { id } });
}

/** An older report does not bound a window any more. */
const SEARCH_MS = 35 * 86_400_000;

/** The version's report with the latest window, of one trigger or of any. */
export async function latestReport(
  model: string,
  version: string,
  now: number,
  trigger?: ReportTrigger,
): Promise<DriftReport | undefined> {
  const { data } = await db()
    .entities.driftReport.query.byModel({ model })
    .gte({ to: new Date(now - SEARCH_MS).toISOString() })
    .where((is, { eq }) =>
      [eq(is.modelVersion, version), ...(trigger ? [eq(is.trigger, trigger)] : [])].join(" AND "),
    )
    .go({ order: "desc", count: 1 });
  return data[0] && DriftReport.parse(data[0]);
}

export const Monitoring = z.object({
  model: z.string(),
  declared: z.object({
    capture: z.number(),
    baseline: z.number(),
    thresholds: z.object({
      inputs: z.number(),
      predictions: z.number(),
      confidence: z.number(),
      embedding: z.number(),
    }),
    falseAlarms: z.number(),
    schedule: z.string(),
    review: z.number(),
  }),
  /** The live version. */
  version: z.string().optional(),
  /** Of the live version; absent until it has one. */
  baseline: z
    .object({
      version: z.string(),
      source: z.enum(["evaluation", "captured"]),
      count: z.number(),
      temperature: z.number(),
      measured: z.object({ metric: z.string(), value: z.number(), count: z.number() }).optional(),
    })
    .optional(),
  /** When the next window of the schedule is complete. */
  nextRun: z.string(),
  latest: DriftReport.optional(),
});
export type Monitoring = z.output<typeof Monitoring>;

export async function readMonitoring(name: string, now: number): Promise<Monitoring> {
  const monitored = getMonitored(name);
  const { monitoring } = monitored;
  const [served, { items }] = await Promise.all([
    findServed(monitored),
    listReports({ model: name, limit: 1 }),
  ]);
  const baseline = served && (await readBaseline(served.version));
  return Monitoring.parse({
    model: name,
    declared: monitoring,
    version: served?.version.version,
    baseline: baseline && { ...baseline, count: baseline.window.count },
    nextRun: new Date(nextRun(monitoring.schedule as `${number} day`, now)).toISOString(),
    latest: items[0],
  });
}
