import { createRoute, z } from "@hono/zod-openapi";
import { appStage } from "@sluice/core/aws/link.ts";
import { createRouter } from "../http/router.ts";
import { ok } from "../http/operation.ts";

const Health = z.object({ status: z.literal("ok"), app: z.string(), stage: z.string() }).openapi("Health");

const healthRoute = createRoute({
  method: "get",
  path: "/health",
  tags: ["health"],
  summary: "Check that the API responds; needs no token",
  responses: ok(Health, "The API responds."),
});

export const healthRoutes = createRouter().openapi(healthRoute, (c) =>
  c.json({ status: "ok" as const, ...appStage() }, 200),
);
