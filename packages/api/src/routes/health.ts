import { createRoute, z } from "@hono/zod-openapi";
import { app } from "@sluice/core/aws/link.ts";
import { router } from "../env.ts";
import { ok } from "../operation.ts";

const Health = z.object({ status: z.literal("ok"), app: z.string(), stage: z.string() }).openapi("Health");

const health = createRoute({
  method: "get",
  path: "/health",
  tags: ["health"],
  summary: "Whether the API answers; needs no token",
  responses: ok(Health, "It does."),
});

export const healthRoutes = router().openapi(health, (c) => {
  const { name, stage } = app();
  return c.json({ status: "ok" as const, app: name, stage }, 200);
});
