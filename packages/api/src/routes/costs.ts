import { z } from "@hono/zod-openapi";
import { Cost, cost, CostQuery } from "@sluice/core/spending/forecast.ts";
import { router } from "../env.ts";
import { ModelName, ok, operation } from "../operation.ts";

const route = operation("read", {
  method: "get",
  path: "/models/{model}/cost",
  tags: ["models"],
  summary: "What a model costs: a prediction, a month, a training, and this month so far",
  description:
    "Every sum stands with its formula, every figure that went in with where it came from: `given` here, `measured` (calls by " +
    "CloudWatch's metrics, a training by the last run that completed, which is named), `declared`, or `assumed` while there is " +
    "nothing to measure. `soFar` counts calls, the month's runs as they were billed, and for instances the hours since they serve. " +
    "Nothing is changed by asking.",
  request: { params: z.object({ model: ModelName }), query: CostQuery.omit({ model: true }) },
  responses: ok(Cost.openapi("Cost"), "Estimates, each with its sum and the prices' date."),
});

export const costRoutes = router().openapi(route, async (c) => {
  const { model } = c.req.valid("param");
  return c.json(await cost({ model, ...c.req.valid("query"), now: Date.now() }), 200);
});
