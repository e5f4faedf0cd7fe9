import { z } from "@hono/zod-openapi";
import { SluiceError } from "@sluice/core/error/error.ts";
import {
  getReport,
  listReports,
  Monitoring,
  readMonitoring,
  ReportQuery,
} from "@sluice/core/monitor/read.ts";
import { DriftReport } from "@sluice/core/monitor/report.ts";
import { monitorNow, rebuildBaseline } from "@sluice/core/monitor/run.ts";
import { createRouter } from "../http/router.ts";
import { accepted, json, ModelName, ok, okPage, okWithEtag, operations } from "../http/operation.ts";

const operation = operations("monitoring");
/** Less than the 30 s limit of an HTTP API. */
const DEADLINE_MS = 27_000;

const ReportBody = DriftReport.openapi("DriftReport");
const params = z.object({ model: ModelName });
const Unfinished = z.object({ status: z.literal("running"), message: z.string() });
const BaselineBody = z.object({ version: z.string(), source: z.string(), count: z.number() });

const reportRoute = operation("read", "get", "/monitoring/reports/{id}", {
  summary: "Get a drift report",
  request: {
    params: z.object({
      id: z
        .string()
        .regex(/^[\w-]{1,80}$/, "is not the id of a drift report")
        .openapi({ param: { name: "id", in: "path" } }),
    }),
  },
  responses: okWithEtag(ReportBody, "The report."),
});

const showRoute = operation("read", "get", "/monitoring/{model}", {
  summary: "Get what is monitored of a model: declaration, baseline, next run, latest report",
  request: { params },
  responses: ok(Monitoring.openapi("Monitoring"), "The monitoring of the model."),
});

const listRoute = operation("read", "get", "/monitoring/{model}/reports", {
  summary: "List the drift reports of a model, the latest window first",
  request: { params, query: ReportQuery.omit({ model: true }) },
  responses: okPage(ReportBody),
});

const runRoute = operation("admin", "post", "/monitoring/{model}/runs", {
  summary: "Compare what was captured since the latest report with the baseline",
  description: "202 if the window is too large for one request: send the request again to continue.",
  request: { params },
  responses: {
    ...ok(ReportBody, "The report."),
    ...accepted(Unfinished, "The hours read so far are stored. Send the request again."),
  },
});

const baselineRoute = operation("admin", "post", "/monitoring/{model}/baseline", {
  summary: "Build the baseline of the live version again, from its latest captured predictions",
  request: {
    params,
    ...json(z.object({ count: z.number().int().min(30).max(20_000).optional() })),
  },
  responses: ok(BaselineBody, "The new baseline. Windows start after its predictions."),
});

export const monitoringRoutes = createRouter()
  .openapi(reportRoute, async (c) => c.json(await getReport(c.req.valid("param").id), 200))
  .openapi(showRoute, async (c) => c.json(await readMonitoring(c.req.valid("param").model, Date.now()), 200))
  .openapi(listRoute, async (c) => {
    const { model } = c.req.valid("param");
    return c.json(await listReports({ model, ...c.req.valid("query") }), 200);
  })
  .openapi(runRoute, async (c) => {
    const report = await monitorNow(c.req.valid("param").model, Date.now() + DEADLINE_MS);
    if (report) return c.json(report, 200);
    const message = "The window is not complete yet. Send the request again to continue.";
    return c.json({ status: "running" as const, message }, 202);
  })
  .openapi(baselineRoute, async (c) => {
    const { model } = c.req.valid("param");
    const { count } = c.req.valid("json");
    const built = await rebuildBaseline(model, count, Date.now() + DEADLINE_MS);
    if (!built)
      throw new SluiceError(
        "BASELINE_UNFINISHED",
        `Reading the captures of ${model} takes too long for a request.`,
      );
    if ("found" in built)
      throw new SluiceError(
        "BASELINE_MISSING",
        `${built.found} predictions of the live version of ${model} are captured; a baseline needs ${built.needed}.`,
      );
    const { version, source, window } = built.baseline;
    return c.json({ version, source, count: window.count }, 200);
  });
