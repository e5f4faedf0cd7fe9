import { z } from "@hono/zod-openapi";
import { getRun, listRuns, RunQuery } from "@sluice/core/training/read.ts";
import { logOf, LogQuery, metricsOf } from "@sluice/core/training/log.ts";
import { TrainingRequest } from "@sluice/core/training/request.ts";
import { resolveSettings, startTraining } from "@sluice/core/training/start.ts";
import { stopTraining } from "@sluice/core/training/stop.ts";
import { createWeightsForm } from "@sluice/core/training/torch/weights-form.ts";
import { TrainingRun } from "@sluice/core/training/training.ts";
import { createRouter } from "../http/router.ts";
import { accepted, ModelName, ok, okPage, okWithEtag, operations } from "../http/operation.ts";

const operation = operations("training");
const RunBody = TrainingRun.openapi("TrainingRun");
const params = z.object({
  name: z
    .string()
    .regex(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/, "is not the name of a training run")
    .openapi({ param: { name: "name", in: "path" }, example: "sluice-local-cats-20261121101500-7f3a" }),
});

const startRoute = operation("admin", "post", "/models/{model}/training", {
  summary: "Train a model: prepare a dataset, then run a training job",
  description:
    "Returns immediately; follow the run at `/training/{name}`. Invalid or unknown options are rejected. Missing options have " +
    "the values of the model declaration. A model has one run at a time, except with `force`.",
  request: {
    params: z.object({ model: ModelName }),
    body: {
      required: false,
      content: { "application/json": { schema: TrainingRequest.openapi("TrainingRequest") } },
    },
  },
  responses: accepted(RunBody, "The run, with the status `Preparing`."),
});

const Settings = TrainingRun.pick({
  platform: true,
  container: true,
  image: true,
  instance: true,
  profile: true,
  startPoint: true,
  notes: true,
  spot: true,
  maxRuntimeSeconds: true,
  hyperparameters: true,
  dataset: true,
});

const resolveRoute = operation("read", "post", "/models/{model}/training/settings", {
  summary: "Validate training options without starting a run",
  request: startRoute.request,
  responses: ok(Settings.openapi("TrainingSettings"), "All settings, including those of the declaration."),
});

const weightsRoute = operation("admin", "post", "/models/{model}/training/weights", {
  summary: "Create a presigned form to upload files that a training starts from",
  description:
    "Send each file with the form and its own file name. Then start a training with `weights` (a .safetensors file) or " +
    "`baseModel` (a model of transformers) set to `uri`.",
  request: { params: z.object({ model: ModelName }) },
  responses: ok(
    z
      .object({
        uri: z.string(),
        url: z.string(),
        fields: z.record(z.string(), z.string()),
        maxBytes: z.number(),
        expiresAt: z.string(),
      })
      .openapi("WeightsForm"),
    "The form.",
  ),
});

const listRoute = operation("read", "get", "/training", {
  summary: "List training runs of one or all models, newest first",
  request: { query: RunQuery },
  responses: okPage(RunBody),
});

const getRoute = operation("read", "get", "/training/{name}", {
  summary: "Get a training run: status, steps, settings, metrics, cost, failure reason",
  request: { params },
  responses: okWithEtag(RunBody, "The run."),
});

const stopRoute = operation("admin", "post", "/training/{name}/stop", {
  summary: "Stop a training run in any state",
  request: { params },
  responses: accepted(RunBody, "The run, stopped or stopping."),
});

const logsRoute = operation("read", "get", "/training/{name}/logs", {
  summary: "Get the log of a training run, oldest line first",
  description:
    "The response always has a cursor: request new lines with it. With `over: true`, there are no more lines.",
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

const metricsRoute = operation("read", "get", "/training/{name}/metrics", {
  summary: "Get the metrics of each epoch, and the last value of each metric",
  request: { params },
  responses: ok(
    z
      .object({
        points: z.array(
          z.object({ at: z.string(), epoch: z.number(), values: z.record(z.string(), z.number()) }),
        ),
        last: z.record(z.string(), z.number()),
        /** Maximum number of epochs. */
        epochs: z.number().optional(),
      })
      .openapi("TrainingMetrics"),
    "The metrics.",
  ),
});

export const trainingRoutes = createRouter()
  .openapi(startRoute, async (c) => {
    const by = { requestedBy: c.var.caller.name, now: Date.now() };
    return c.json(await startTraining(c.req.valid("param").model, c.req.valid("json") ?? {}, by), 202);
  })
  .openapi(resolveRoute, async (c) =>
    c.json(await resolveSettings(c.req.valid("param").model, c.req.valid("json") ?? {}), 200),
  )
  .openapi(weightsRoute, async (c) =>
    c.json(await createWeightsForm(c.req.valid("param").model, Date.now()), 200),
  )
  .openapi(listRoute, async (c) => c.json(await listRuns(c.req.valid("query")), 200))
  .openapi(getRoute, async (c) => c.json(await getRun(c.req.valid("param").name), 200))
  .openapi(stopRoute, async (c) => c.json(await stopTraining(c.req.valid("param").name, Date.now()), 202))
  .openapi(logsRoute, async (c) =>
    c.json(await logOf(await getRun(c.req.valid("param").name), c.req.valid("query")), 200),
  )
  .openapi(metricsRoute, async (c) => c.json(await metricsOf(await getRun(c.req.valid("param").name)), 200));
