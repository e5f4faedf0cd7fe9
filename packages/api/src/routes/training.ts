import { z } from "@hono/zod-openapi";
import { fromName, list, RunQuery } from "@sluice/core/training/read.ts";
import { logOf, LogQuery, metricsOf } from "@sluice/core/training/log.ts";
import { TrainingRequest } from "@sluice/core/training/request.ts";
import { settings, start } from "@sluice/core/training/start.ts";
import { stop } from "@sluice/core/training/stop.ts";
import { TrainingRun } from "@sluice/core/training/training.ts";
import { router } from "../env.ts";
import { tagged } from "../etag.ts";
import { accepted, ModelName, notModified, ok, operation, page } from "../operation.ts";

const Shown = TrainingRun.openapi("TrainingRun");
const params = z.object({
  name: z
    .string()
    .regex(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/, "is no training run's name")
    .openapi({ param: { name: "name", in: "path" }, example: "sluice-local-cats-20261121101500-7f3a" }),
});

const started = operation("admin", {
  method: "post",
  path: "/models/{model}/training",
  tags: ["training"],
  summary: "Trains a model: prepares a dataset, then runs a job",
  description:
    "Answers at once; follow it with `/training/{name}`. Every option is checked, an unknown one is refused, and what is " +
    "absent is taken from the model's declaration. One run of a model at a time, unless `force` says otherwise.",
  request: {
    params: z.object({ model: ModelName }),
    body: {
      required: false,
      content: { "application/json": { schema: TrainingRequest.openapi("TrainingRequest") } },
    },
  },
  responses: accepted(Shown, "The run, `Preparing`."),
});

const Settings = TrainingRun.pick({
  platform: true,
  container: true,
  image: true,
  instance: true,
  spot: true,
  maxRuntimeSeconds: true,
  hyperparameters: true,
  dataset: true,
});

const settled = operation("read", {
  method: "post",
  path: "/models/{model}/training/settings",
  tags: ["training"],
  summary: "What a training that asks for this would be told, checked as a real one is; nothing starts",
  request: started.request,
  responses: ok(Settings.openapi("TrainingSettings"), "Every setting, the declaration's included."),
});

const listed = operation("read", {
  method: "get",
  path: "/training",
  tags: ["training"],
  summary: "Training runs, newest first: a model's, or everybody's",
  request: { query: RunQuery },
  responses: page(Shown),
});

const one = operation("read", {
  method: "get",
  path: "/training/{name}",
  tags: ["training"],
  summary: "One run: status, steps, settings, final metrics, cost, and why it failed",
  request: { params },
  responses: { ...ok(Shown, "The run."), ...notModified },
});

const stopped = operation("admin", {
  method: "post",
  path: "/training/{name}/stop",
  tags: ["training"],
  summary: "Stops a run, in whatever state it is",
  request: { params },
  responses: accepted(Shown, "The run: `Stopped`, or on its way there."),
});

const logs = operation("read", {
  method: "get",
  path: "/training/{name}/logs",
  tags: ["training"],
  summary: "What the job printed, oldest first",
  description:
    "The cursor is always there: ask again with it for what was printed since. `over` says that nothing more will come.",
  request: { params, query: LogQuery },
  responses: ok(
    z
      .object({
        items: z.array(z.object({ at: z.string(), line: z.string() })),
        cursor: z.string(),
        over: z.boolean(),
      })
      .openapi("TrainingLog"),
    "One page.",
  ),
});

const metrics = operation("read", {
  method: "get",
  path: "/training/{name}/metrics",
  tags: ["training"],
  summary: "The metrics of each epoch so far, read from the job's log, and the last value of each",
  request: { params },
  responses: ok(
    z
      .object({
        points: z.array(
          z.object({ at: z.string(), epoch: z.number(), values: z.record(z.string(), z.number()) }),
        ),
        last: z.record(z.string(), z.number()),
        /** How many epochs there will be at most. */
        epochs: z.number().optional(),
      })
      .openapi("TrainingMetrics"),
    "The series.",
  ),
});

export const trainingRoutes = router()
  .openapi(started, async (c) => {
    const by = { requestedBy: c.var.caller.name, now: Date.now() };
    return c.json(await start(c.req.valid("param").model, c.req.valid("json") ?? {}, by), 202);
  })
  .openapi(settled, async (c) =>
    c.json(await settings(c.req.valid("param").model, c.req.valid("json") ?? {}), 200),
  )
  .openapi(listed, async (c) => c.json(await list(c.req.valid("query")), 200))
  .openapi(one, async (c) => {
    const body = await fromName(c.req.valid("param").name);
    return tagged(c, body) ? c.body(null, 304) : c.json(body, 200);
  })
  .openapi(stopped, async (c) => c.json(await stop(c.req.valid("param").name, Date.now()), 202))
  .openapi(logs, async (c) =>
    c.json(await logOf(await fromName(c.req.valid("param").name), c.req.valid("query")), 200),
  )
  .openapi(metrics, async (c) => c.json(await metricsOf(await fromName(c.req.valid("param").name)), 200));
