import { z } from "@hono/zod-openapi";
import { Trace } from "@sluice/core/trace/trace.ts";
import { trace } from "@sluice/core/trace/walk.ts";
import { router } from "../env.ts";
import { ok, operation } from "../operation.ts";

const traced = operation("read", {
  method: "get",
  path: "/trace",
  tags: ["events"],
  summary:
    "The whole chain around one thing: labels, dataset, run, version, deployment, endpoint, and what happened to each",
  description:
    "`id` is the key of a labelled object, or the id of a dataset, a run, a version, a deployment, an endpoint or a prediction. " +
    "It is a query parameter because a key may hold any character.",
  request: { query: z.object({ id: z.string().min(1).max(1_100) }) },
  responses: ok(Trace.openapi("Trace"), "The chain, labels first."),
});

export const traceRoutes = router().openapi(traced, async (c) =>
  c.json(await trace(c.req.valid("query").id, Date.now()), 200),
);
