import { z } from "@hono/zod-openapi";
import { ModelAccuracy } from "@sluice/core/accuracy/accuracy.ts";
import { parseGroundTruthCsv } from "@sluice/core/accuracy/parse.ts";
import { GroundTruth, GroundTruthOutcome } from "@sluice/core/accuracy/ground-truth.ts";
import { importGroundTruth } from "@sluice/core/accuracy/import.ts";
import { AccuracyQuery, readAccuracy } from "@sluice/core/accuracy/read.ts";
import { createRouter } from "../http/router.ts";
import { ModelName, ok, operations } from "../http/operation.ts";

const operation = operations("accuracy");

const accuracyRoute = operation("read", "get", "/models/{model}/accuracy", {
  summary: "Get a model's real accuracy by week, from ground truth and reviews",
  description:
    "`accuracy` counts ground truth and the random share of the reviews only. Reviews below the threshold are apart.",
  request: { params: z.object({ model: ModelName }), query: AccuracyQuery },
  responses: ok(ModelAccuracy.openapi("ModelAccuracy"), "Weeks with items, newest first."),
});

const importRoute = operation("upload", "post", "/ground-truth", {
  summary: "Import the true classes of predictions, which were found later",
  description:
    "A row has `label`, and `predictionId` or the `key` of an upload; optionally `model` and `labelledAt`. Rows that cannot be used are in `problems`, " +
    "by their number from 1. A repeated import changes nothing; of two truths the newer one counts.",
  request: {
    body: {
      // Otherwise CSV would be validated as JSON.
      required: false,
      content: {
        "application/json": { schema: GroundTruth.openapi("GroundTruth") },
        "text/csv": { schema: z.string().openapi({ example: "prediction_id,label\nprd_0123,truck\n" }) },
      },
    },
  },
  responses: ok(GroundTruthOutcome.openapi("GroundTruthOutcome"), "What was stored."),
});

export const accuracyRoutes = createRouter()
  .openapi(accuracyRoute, async (c) =>
    c.json(await readAccuracy({ ...c.req.valid("param"), ...c.req.valid("query") }), 200),
  )
  .openapi(importRoute, async (c) => {
    const isCsv = (c.req.header("content-type") ?? "").startsWith("text/csv");
    const { rows } = isCsv
      ? { rows: await parseGroundTruthCsv(await c.req.text()) }
      : (c.req.valid("json") as z.output<typeof GroundTruth>);
    return c.json(await importGroundTruth({ rows, now: Date.now() }), 200);
  });
