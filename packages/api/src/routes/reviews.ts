import { z } from "@hono/zod-openapi";
import { Prediction } from "@sluice/core/prediction/prediction.ts";
import { list, ReviewQuery } from "@sluice/core/review/list.ts";
import { Note, request } from "@sluice/core/review/request.ts";
import { settle } from "@sluice/core/review/settle.ts";
import { Verdict } from "@sluice/core/review/verdict.ts";
import { router } from "../env.ts";
import { Id, json, ok, operation, page } from "../operation.ts";

const Shown = Prediction.openapi("Prediction");
const params = z.object({ id: Id });
const Outcome = z
  .object({
    changed: z.boolean().openapi({ description: "False where all was so already." }),
    prediction: Shown,
  })
  .openapi("ReviewOutcome");

const listed = operation("read", {
  method: "get",
  path: "/reviews",
  tags: ["reviews"],
  summary: "The predictions that wait for a person, newest first",
  description:
    "Without `model`, model after model. A page may be short, even empty, and still have a cursor: follow it until " +
    "there is none. How a review ended stands in its prediction.",
  request: { query: ReviewQuery },
  responses: page(Shown),
});

const requested = operation("upload", {
  method: "post",
  path: "/reviews/{id}",
  tags: ["reviews"],
  summary: "Sends a completed or rejected prediction to review",
  description: "What the gate rejected is there already.",
  request: { params, ...json(z.object({ note: Note.optional() }).openapi("ReviewWish")) },
  responses: ok(Outcome, "It is open."),
});

const settled = operation("upload", {
  method: "put",
  path: "/reviews/{id}/verdict",
  tags: ["reviews"],
  summary: "Ends a review; what is right becomes a label",
  description:
    "Say one: the right `label` or `boxes`, `agree` where the prediction is right as it is, or `dismiss`. The same said " +
    "twice changes nothing; another word after the first is a conflict that names who was first.",
  request: { params, ...json(Verdict.openapi("Verdict")) },
  responses: ok(Outcome, "It is settled or dismissed."),
});

export const reviewRoutes = router()
  .openapi(listed, async (c) => c.json(await list(c.req.valid("query")), 200))
  .openapi(requested, async (c) => {
    const { id } = c.req.valid("param");
    return c.json(await request({ id, ...c.req.valid("json"), by: c.var.caller.name, now: Date.now() }), 200);
  })
  .openapi(settled, async (c) => {
    const { id } = c.req.valid("param");
    const verdict = c.req.valid("json");
    return c.json(await settle({ id, verdict, by: c.var.caller.name, now: Date.now() }), 200);
  });
