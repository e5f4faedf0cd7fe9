import { z } from "@hono/zod-openapi";
import { predict } from "@sluice/core/prediction/predict.ts";
import { Result } from "@sluice/core/inference/result.ts";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import { router } from "../env.ts";
import { ModelName, ok, operation } from "../operation.ts";

/** An HTTP API gives up after 30 s; the answer has to be written before that. */
const ANSWER_MS = 25_000;
/** A function is invoked with at most 6 MB, and bytes travel as base64, a third longer. */
const BODY_BYTES = 4_500_000;

const binary = { schema: z.string().openapi({ format: "binary" }) };

const asked = operation("predict", {
  method: "post",
  path: "/predict/{model}",
  tags: ["predict"],
  summary: "A prediction while you wait; leaves no record",
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

const routes = router();
routes.use(
  "/predict/*",
  bodyLimit({
    maxSize: BODY_BYTES,
    onError: () => {
      throw new HTTPException(413, { message: `The body is larger than ${BODY_BYTES} bytes.` });
    },
  }),
);

export const predictRoutes = routes.openapi(asked, async (c) => {
  const bytes = new Uint8Array(await c.req.arrayBuffer());
  const { model } = c.req.valid("param");
  return c.json(await predict({ model, bytes, deadline: Date.now() + ANSWER_MS }), 200);
});
