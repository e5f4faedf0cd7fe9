import { z } from "@hono/zod-openapi";
import { listConfigChanges } from "@sluice/core/endpoint/history.ts";
import { Endpoint } from "@sluice/core/endpoint/endpoint.ts";
import { ListQuery, getEndpoint, pageEndpoints } from "@sluice/core/endpoint/read.ts";
import { refreshEndpoints } from "@sluice/core/endpoint/refresh.ts";
import { removeEndpoint } from "@sluice/core/endpoint/remove.ts";
import { createRouter } from "../http/router.ts";
import { accepted, ok, okPage, okWithEtag, operations } from "../http/operation.ts";

const operation = operations("endpoints");
const EndpointBody = Endpoint.openapi("Endpoint");

const listRoute = operation("read", "get", "/endpoints", {
  summary: "List the endpoints by name, with their last known status",
  request: { query: ListQuery },
  responses: okPage(EndpointBody),
});

const refreshRoute = operation("read", "post", "/endpoints/refresh", {
  summary: "Update the record of each endpoint from SageMaker",
  responses: ok(z.object({ items: z.array(EndpointBody) }), "All endpoints, by name."),
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

const getRoute = operation("read", "get", "/endpoints/{name}", {
  summary: "Get an endpoint with its deployments, newest first",
  request: { params },
  responses: okWithEtag(EndpointBody.extend({ deployments: z.array(ConfigChange) }), "The endpoint."),
});

const deleteRoute = operation("admin", "delete", "/endpoints/{name}", {
  summary: "Delete an endpoint; versions are kept, and uploads wait as pending",
  request: { params },
  responses: accepted(EndpointBody, "The endpoint is being deleted."),
});

export const endpointRoutes = createRouter()
  .openapi(listRoute, async (c) => c.json(await pageEndpoints(c.req.valid("query")), 200))
  .openapi(refreshRoute, async (c) => c.json({ items: await refreshEndpoints(Date.now()) }, 200))
  .openapi(deleteRoute, async (c) =>
    c.json(await removeEndpoint(c.req.valid("param").name, c.var.caller.name, Date.now()), 202),
  )
  .openapi(getRoute, async (c) => {
    const endpoint = await getEndpoint(c.req.valid("param").name);
    const deployments = await listConfigChanges(endpoint);
    const body = {
      ...endpoint,
      deployments: deployments.map((item) => ConfigChange.parse({ ...item, startedAt: item.at })),
    };
    return c.json(body, 200);
  });
