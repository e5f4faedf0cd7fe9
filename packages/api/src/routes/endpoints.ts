import { z } from "@hono/zod-openapi";
import { history } from "@sluice/core/endpoint/history.ts";
import { Endpoint } from "@sluice/core/endpoint/endpoint.ts";
import * as Endpoints from "@sluice/core/endpoint/read.ts";
import { refreshed } from "@sluice/core/endpoint/refresh.ts";
import { remove } from "@sluice/core/endpoint/remove.ts";
import { router } from "../env.ts";
import { tagged } from "../etag.ts";
import { accepted, notModified, ok, operation, page } from "../operation.ts";

const Shown = Endpoint.openapi("Endpoint");

const listed = operation("read", {
  method: "get",
  path: "/endpoints",
  tags: ["endpoints"],
  summary: "The endpoints of this app by name, as their last state change left them",
  request: { query: Endpoints.ListQuery },
  responses: page(Shown),
});

const refresh = operation("read", {
  method: "post",
  path: "/endpoints/refresh",
  tags: ["endpoints"],
  summary: "Asks SageMaker for each endpoint and brings its record up to date",
  responses: ok(z.object({ items: z.array(Shown) }), "All of them, by name."),
});

const ConfigChange = z
  .object({
    config: z.string(),
    status: z.string(),
    startedAt: z.string(),
    changedAt: z.string(),
    failureReason: z.string().optional(),
  })
  .openapi("ConfigChange");

const params = z.object({
  name: z
    .string()
    .max(63)
    .openapi({ param: { name: "name", in: "path" } }),
});

const one = operation("read", {
  method: "get",
  path: "/endpoints/{name}",
  tags: ["endpoints"],
  summary: "One endpoint with its deployments, newest first",
  request: { params },
  responses: { ...ok(Shown.extend({ deployments: z.array(ConfigChange) }), "The endpoint."), ...notModified },
});

const removed = operation("admin", {
  method: "delete",
  path: "/endpoints/{name}",
  tags: ["endpoints"],
  summary: "Deletes an endpoint; the model's versions stay, and its uploads wait",
  request: { params },
  responses: accepted(Shown, "It is being deleted."),
});

export const endpointRoutes = router()
  .openapi(listed, async (c) => c.json(await Endpoints.page(c.req.valid("query")), 200))
  .openapi(refresh, async (c) => c.json({ items: await refreshed(Date.now()) }, 200))
  .openapi(removed, async (c) =>
    c.json(await remove(c.req.valid("param").name, c.var.caller.name, Date.now()), 202),
  )
  .openapi(one, async (c) => {
    const endpoint = await Endpoints.fromName(c.req.valid("param").name);
    const deployments = await history(endpoint);
    const body = {
      ...endpoint,
      deployments: deployments.map((item) => ConfigChange.parse({ ...item, startedAt: item.at })),
    };
    return tagged(c, body) ? c.body(null, 304) : c.json(body, 200);
  });
