import { z } from "@hono/zod-openapi";
import { predict } from "@sluice/core/prediction/predict.ts";
import { Result } from "@sluice/core/inference/result.ts";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import { createRouter } from "../http/router.ts";
import { ModelName, ok, operations } from "../http/operation.ts";

const operation = operations("predict");
/** Less than the 30 s limit of an HTTP API. */
const DEADLINE_MS = 25_000;
/** Lambda accepts payloads of up to 6 MB, and base64 adds a third. */
const BODY_BYTES = 4_500_000;

const binary = { schema: z.string().openapi({ format: "binary" }) };

const predictRoute = operation("predict", "post", "/predict/{model}", {
  summary: "Predict synchronously, without a record",
  request: {
    params: z.object({ model: ModelName }),
    body: {
      required: true,
      content: {
        "application/octet-stream": binary,
        "image/*": binary,
        "text/plain": { schema: z.string() },
      },
    },
  },
  responses: ok(Result.openapi("Result"), "The result."),
});

const routes = createRouter();
routes.use(
  "/predict/*",
  bodyLimit({
    maxSize: BODY_BYTES,
    onError: () => {
      throw new HTTPException(413, { message: `The body is larger than ${BODY_BYTES} bytes.` });
    },
  }),
);

export const predictRoutes = routes.openapi(predictRoute, async (c) => {
  const bytes = new Uint8Array(await c.req.arrayBuffer());
  const { model } = c.req.valid("param");
  return c.json(await predict({ model, bytes, deadline: Date.now() + DEADLINE_MS }), 200);
});
