import { z } from "@hono/zod-openapi";
import { readStatistics, Statistics, StatisticsQuery } from "@sluice/core/statistics/statistics.ts";
import { createRouter } from "../http/router.ts";
import { ModelName, ok, operations } from "../http/operation.ts";

const operation = operations("models");
const statisticsRoute = operation("read", "get", "/models/{model}/statistics", {
  summary: "Get the performance of a model: counts, confidence, duration, share per class",
  request: {
    params: z.object({ model: ModelName }),
    query: StatisticsQuery.omit({ model: true }),
  },
  responses: ok(Statistics.openapi("Statistics"), "Metrics of the predictions, about one minute late."),
});

export const statisticsRoutes = createRouter().openapi(statisticsRoute, async (c) => {
  const { model } = c.req.valid("param");
  return c.json(await readStatistics({ model, ...c.req.valid("query"), now: Date.now() }), 200);
});
