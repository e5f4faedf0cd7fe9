import { z } from "@hono/zod-openapi";
import { Prediction } from "@sluice/core/prediction/prediction.ts";
import { listReviews, ReviewItem, ReviewQuery } from "@sluice/core/review/list.ts";
import { Note, requestReview } from "@sluice/core/review/request.ts";
import { resolveReview } from "@sluice/core/review/resolve.ts";
import { acceptCertain, CertainOutcome, CertainRequest } from "@sluice/core/review/certain.ts";
import { GroupOutcome, GroupVerdict, resolveReviews } from "@sluice/core/review/resolve-many.ts";
import { Verdict } from "@sluice/core/review/verdict.ts";
import { createRouter } from "../http/router.ts";
import { json, Id, ModelName, ok, okPage, operations, PAGE_HINT } from "../http/operation.ts";

const operation = operations("reviews");
const PredictionBody = Prediction.openapi("Prediction");
const params = z.object({ id: Id });
const ReviewOutcome = z
  .object({
    changed: z.boolean().openapi({ description: "False if the review was already in this state." }),
    prediction: PredictionBody,
  })
  .openapi("ReviewOutcome");

const listRoute = operation("read", "get", "/reviews", {
  summary: "List the predictions with an open review, newest first",
  description:
    "Without `model`, the list is grouped by model. `order=information` lists the reviews first that teach the model most.  The prediction contains the result of a closed review. " +
    PAGE_HINT,
  request: { query: ReviewQuery },
  responses: okPage(ReviewItem.openapi("ReviewItem")),
});

const requestRoute = operation("upload", "post", "/reviews/{id}", {
  summary: "Request a review of a completed or rejected prediction",
  description: "Rejected predictions have a review already.",
  request: { params, ...json(z.object({ note: Note.optional() }).openapi("ReviewRequest")) },
  responses: ok(ReviewOutcome, "The review is open."),
});

const resolveRoute = operation("upload", "put", "/reviews/{id}/verdict", {
  summary: "Resolve or dismiss a review; the correct result becomes a label",
  description:
    "Send one of the correct `label` or `boxes`, `agree` if the prediction is correct, or `dismiss`. Sending the same verdict " +
    "again changes nothing. A different verdict for a closed review is a conflict.",
  request: { params, ...json(Verdict.openapi("Verdict")) },
  responses: ok(ReviewOutcome, "The review is resolved or dismissed."),
});

const resolveManyRoute = operation("upload", "put", "/reviews/verdicts", {
  summary: "Apply one verdict to several reviews, such as near-duplicates",
  description: "A review that cannot be resolved has a `problem`; the others are resolved.",
  request: json(GroupVerdict.openapi("GroupVerdict")),
  responses: ok(
    z.object({ items: z.array(GroupOutcome.openapi("GroupOutcome")) }),
    "The outcome of each review.",
  ),
});

const certainRoute = operation("upload", "post", "/models/{model}/certain", {
  summary: "Propose the newest certain predictions as labels, or accept them",
  description:
    "A prediction is certain if its calibrated confidence is at least 0.99. `dryRun: false` writes the labels. They do not " +
    "count for the accuracy.",
  request: { params: z.object({ model: ModelName }), ...json(CertainRequest.openapi("CertainRequest")) },
  responses: ok(CertainOutcome.openapi("CertainOutcome"), "The proposed or accepted predictions."),
});

export const reviewRoutes = createRouter()
  .openapi(listRoute, async (c) => c.json(await listReviews(c.req.valid("query")), 200))
  .openapi(requestRoute, async (c) => {
    const { id } = c.req.valid("param");
    return c.json(
      await requestReview({ id, ...c.req.valid("json"), by: c.var.caller.name, now: Date.now() }),
      200,
    );
  })
  .openapi(resolveRoute, async (c) => {
    const { id } = c.req.valid("param");
    const verdict = c.req.valid("json");
    return c.json(await resolveReview({ id, verdict, by: c.var.caller.name, now: Date.now() }), 200);
  })
  .openapi(resolveManyRoute, async (c) => {
    const items = await resolveReviews({
      ...c.req.valid("json"),
      by: c.var.caller.name,
      now: Date.now(),
    });
    return c.json({ items }, 200);
  })
  .openapi(certainRoute, async (c) => {
    const { model } = c.req.valid("param");
    const request = { model, ...c.req.valid("json"), by: c.var.caller.name, now: Date.now() };
    return c.json(await acceptCertain(request), 200);
  });
