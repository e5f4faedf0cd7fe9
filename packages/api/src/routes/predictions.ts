import { z } from "@hono/zod-openapi";
import { readInputFile, readResult } from "@sluice/core/prediction/document.ts";
import { listPredictions, ListQuery } from "@sluice/core/prediction/list.ts";
import { overlayOf } from "@sluice/core/prediction/overlay.ts";
import { Prediction } from "@sluice/core/prediction/prediction.ts";
import { getPrediction } from "@sluice/core/prediction/record.ts";
import { Result } from "@sluice/core/inference/result.ts";
import { createRouter } from "../http/router.ts";
import { Id, okPage, okWithEtag, operations, PAGE_HINT } from "../http/operation.ts";

const operation = operations("predictions");
const PredictionBody = Prediction.openapi("Prediction");
const params = z.object({ id: Id });

const listRoute = operation("read", "get", "/predictions", {
  summary: "List the predictions of a model, newest first",
  description: PAGE_HINT,
  request: { query: ListQuery },
  responses: okPage(PredictionBody),
});

const getRoute = operation("read", "get", "/predictions/{id}", {
  summary: "Get a prediction: status, times, attempts, error",
  request: { params },
  responses: okWithEtag(PredictionBody, "The prediction."),
});

const resultRoute = operation("read", "get", "/predictions/{id}/result", {
  summary: "Get the full result of a prediction",
  request: { params },
  responses: okWithEtag(Result.openapi("Result"), "The result."),
});

const imageRoute = operation("read", "get", "/predictions/{id}/image", {
  summary: "Get the file of a prediction, in the version that was predicted",
  request: { params },
  responses: {
    200: {
      description: "The file.",
      content: { "image/*": { schema: z.string().openapi({ format: "binary" }) } },
    },
  },
});

const overlayRoute = operation("read", "get", "/predictions/{id}/overlay", {
  summary: "Get the image of a prediction with its boxes and a legend, for an object-detection model",
  request: { params },
  responses: {
    200: {
      description: "An SVG file that contains the image.",
      content: { "image/svg+xml": { schema: z.string() } },
    },
  },
});

/** An uploaded SVG or HTML file must not run scripts. */
const fileHeaders = (contentType: string) => ({
  "content-type": contentType,
  "content-security-policy": "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'",
  "x-content-type-options": "nosniff",
  "cache-control": "private, max-age=3600, immutable",
});

export const predictionRoutes = createRouter()
  .openapi(listRoute, async (c) => c.json(await listPredictions(c.req.valid("query")), 200))
  .openapi(getRoute, async (c) => c.json(await getPrediction(c.req.valid("param").id), 200))
  .openapi(resultRoute, async (c) =>
    c.json(await readResult(await getPrediction(c.req.valid("param").id)), 200),
  )
  .openapi(imageRoute, async (c) => {
    const { bytes, contentType } = await readInputFile(await getPrediction(c.req.valid("param").id));
    return c.body(bytes as Uint8Array<ArrayBuffer>, 200, fileHeaders(contentType));
  })
  .openapi(overlayRoute, async (c) =>
    c.body(await overlayOf(await getPrediction(c.req.valid("param").id)), 200, fileHeaders("image/svg+xml")),
  );
