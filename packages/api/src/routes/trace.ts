import { z } from "@hono/zod-openapi";
import { Trace } from "@sluice/core/trace/trace.ts";
import { trace } from "@sluice/core/trace/walk.ts";
import { createRouter } from "../http/router.ts";
import { ok, operations } from "../http/operation.ts";

const operation = operations("events");
const traceRoute = operation("read", "get", "/trace", {
  summary:
    "Trace a record both ways: what it was made of, and what it led to, with the events of each record",
  description:
    "`id` is the key or S3 URI of an upload or a labeled object, or the id of a prediction, review, label import, dataset, " +
    "training run, version, deployment, endpoint, drift report, decision about retraining, alert or event. It is a query " +
    "parameter because a key may contain any character.",
  request: { query: z.object({ id: z.string().min(1).max(1_100) }) },
  responses: ok(Trace.openapi("Trace"), "The trace, labels first."),
});

export const traceRoutes = createRouter().openapi(traceRoute, async (c) =>
  c.json(await trace(c.req.valid("query").id, Date.now()), 200),
);
