import { z } from "@hono/zod-openapi";
import { getModel } from "@sluice/core/model/model.ts";
import { checkRetrain } from "@sluice/core/retrain/check.ts";
import { ExplainQuery, explainRetrain, RetrainExplanation } from "@sluice/core/retrain/explain.ts";
import { RetrainDecision } from "@sluice/core/retrain/retrain.ts";
import { createRouter } from "../http/router.ts";
import { ModelName, ok, operations } from "../http/operation.ts";

const operation = operations("training");
const params = z.object({ model: ModelName });

const explainRoute = operation("read", "get", "/models/{model}/retrain", {
  summary:
    "Explain a model's automatic trainings: past decisions, the next one, and what is missing for a training",
  description:
    "`items` are the stored decisions, newest first. A repeated reason of the hourly check is stored once.",
  request: { params, query: ExplainQuery },
  responses: ok(RetrainExplanation.openapi("RetrainExplanation"), "Decisions and reasons."),
});

const checkRoute = operation("admin", "post", "/models/{model}/retrain", {
  summary: "Decide now whether a model is retrained, and start the training if it is due",
  request: { params },
  responses: ok(RetrainDecision.openapi("RetrainDecision"), "The decision."),
});

export const retrainRoutes = createRouter()
  .openapi(explainRoute, async (c) => {
    const { model } = c.req.valid("param");
    return c.json(await explainRetrain({ model, now: Date.now(), ...c.req.valid("query") }), 200);
  })
  .openapi(checkRoute, async (c) => {
    const { name } = getModel(c.req.valid("param").model);
    const decided = await checkRetrain(name, { trigger: "manual", always: true }, Date.now());
    return c.json(decided!, 200);
  });
