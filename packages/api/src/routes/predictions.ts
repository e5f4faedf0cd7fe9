import { z } from "@hono/zod-openapi";
import { original, resultOf } from "@sluice/core/prediction/document.ts";
import { list, ListQuery } from "@sluice/core/prediction/list.ts";
import { Prediction } from "@sluice/core/prediction/prediction.ts";
import { fromId } from "@sluice/core/prediction/record.ts";
import { Result } from "@sluice/core/inference/result.ts";
import { router } from "../env.ts";
import { tagged } from "../etag.ts";
import { Id, notModified, ok, operation, page } from "../operation.ts";

const Shown = Prediction.openapi("Prediction");
const params = z.object({ id: Id });

const listed = operation("read", {
  method: "get",
  path: "/predictions",
  tags: ["predictions"],
  summary: "A model's predictions, newest first",
  description: "A page may be short, even empty, and still have a cursor: follow it until there is none.",
  request: { query: ListQuery },
  responses: page(Shown),
});

const one = operation("read", {
  method: "get",
  path: "/predictions/{id}",
  tags: ["predictions"],
  summary: "One prediction: status, times, attempts, and what went wrong",
  request: { params },
  responses: { ...ok(Shown, "The prediction."), ...notModified },
});

const result = operation("read", {
  method: "get",
  path: "/predictions/{id}/result",
  tags: ["predictions"],
  summary: "The whole result document",
  request: { params },
  responses: { ...ok(Result.openapi("Result"), "The result."), ...notModified },
});

const image = operation("read", {
  method: "get",
  path: "/predictions/{id}/image",
  tags: ["predictions"],
  summary: "The very bytes the prediction was made on",
  request: { params },
  responses: {
    200: {
      description: "The file.",
      content: { "image/*": { schema: z.string().openapi({ format: "binary" }) } },
    },
  },
});

export const predictionRoutes = router()
  .openapi(listed, async (c) => c.json(await list(c.req.valid("query")), 200))
  .openapi(one, async (c) => {
    const body = await fromId(c.req.valid("param").id);
    return tagged(c, body) ? c.body(null, 304) : c.json(body, 200);
  })
  .openapi(result, async (c) => {
    const body = await resultOf(await fromId(c.req.valid("param").id));
    return tagged(c, body) ? c.body(null, 304) : c.json(body, 200);
  })
  .openapi(image, async (c) => {
    const { bytes, contentType } = await original(await fromId(c.req.valid("param").id));
    return c.body(bytes as Uint8Array<ArrayBuffer>, 200, {
      "content-type": contentType,
      // What somebody uploaded is shown, never run: an SVG or HTML file stays a picture or a download.
      "content-security-policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
      "x-content-type-options": "nosniff",
      "cache-control": "private, max-age=3600, immutable",
    });
  });
