import { z } from "@hono/zod-openapi";
import { read, Statistics, StatisticsQuery } from "@sluice/core/statistics/statistics.ts";
import { router } from "../env.ts";
import { ModelName, ok, operation } from "../operation.ts";

const route = operation("read", {
  method: "get",
  path: "/models/{model}/statistics",
  tags: ["models"],
  summary: "How a model has been doing: counts, confidence, time taken, share per class",
  request: {
    params: z.object({ model: ModelName }),
    query: StatisticsQuery.omit({ model: true }),
  },
  responses: ok(Statistics.openapi("Statistics"), "From the metrics that predictions wrote, a minute late."),
});

export const statisticsRoutes = router().openapi(route, async (c) => {
  const { model } = c.req.valid("param");
  return c.json(await read({ model, ...c.req.valid("query"), now: Date.now() }), 200);
});
