import { z } from "@hono/zod-openapi";
import { Cost, forecastCost, CostQuery } from "@sluice/core/spending/forecast.ts";
import { createRouter } from "../http/router.ts";
import { ModelName, ok, operations } from "../http/operation.ts";

const operation = operations("models");
const costRoute = operation("read", "get", "/models/{model}/cost", {
  summary: "Estimate the cost of a model: one prediction, one month, one training, and this month to date",
  description:
    "Each amount includes its formula. Each input includes its source: `given` in the request, `measured` (CloudWatch metrics " +
    "of calls, or the last completed training run, which is named), `declared`, or `assumed` without measurements. `soFar` " +
    "includes the calls, the billed training runs of this month, and the hours of instances.",
  request: { params: z.object({ model: ModelName }), query: CostQuery.omit({ model: true }) },
  responses: ok(Cost.openapi("Cost"), "Estimates with their formulas and the date of the prices."),
});

export const costRoutes = createRouter().openapi(costRoute, async (c) => {
  const { model } = c.req.valid("param");
  return c.json(await forecastCost({ model, ...c.req.valid("query"), now: Date.now() }), 200);
});
