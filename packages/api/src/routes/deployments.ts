import { z } from "@hono/zod-openapi";
import { Deployment } from "@sluice/core/deployment/deployment.ts";
import { fromId, list, ListQuery, traffic } from "@sluice/core/deployment/read.ts";
import { provision, Request } from "@sluice/core/deployment/request.ts";
import { Traffic } from "@sluice/core/traffic/traffic.ts";
import { withdraw } from "@sluice/core/deployment/withdraw.ts";
import { router } from "../env.ts";
import { tagged } from "../etag.ts";
import { accepted, ModelName, notModified, ok, operation, page } from "../operation.ts";

const Shown = Deployment.openapi("Deployment");
const Answer = z
  .object({
    action: z.enum(["started", "underway", "changed", "unchanged"]),
    model: z.string(),
    version: z.string(),
    endpoint: z.string(),
    deployment: Shown.optional(),
  })
  .openapi("ProvisionAnswer");
const json = <S extends z.ZodType>(schema: S) => ({
  required: true,
  content: { "application/json": { schema } },
});

const asked = operation("admin", {
  method: "post",
  path: "/deployments",
  tags: ["deployments"],
  summary: "Serves a version: nothing happens when it is served so already",
  description:
    "With `shares` it answers these percentages of the predictions first, one after the other; a last share below 100 " +
    "stays until another request.",
  request: { body: json(Request.openapi("ProvisionRequest")) },
  responses: accepted(Answer, "What follows."),
});

const listed = operation("read", {
  method: "get",
  path: "/deployments",
  tags: ["deployments"],
  summary: "A model's deployments, newest first",
  request: { query: ListQuery },
  responses: page(Shown),
});

const one = operation("read", {
  method: "get",
  path: "/deployments/{id}",
  tags: ["deployments"],
  summary: "One deployment: which step it is at, since when, and why it failed",
  request: {
    params: z.object({
      id: z
        .string()
        .regex(/^dep_[0-9a-z]{1,40}$/, "is no deployment id")
        .openapi({ param: { name: "id", in: "path" } }),
    }),
  },
  responses: { ...ok(Shown, "The deployment."), ...notModified },
});

const split = operation("read", {
  method: "get",
  path: "/traffic/{model}",
  tags: ["deployments"],
  summary: "Which version answers for a model, and which other one answers a share",
  request: { params: z.object({ model: ModelName }) },
  responses: ok(Traffic.openapi("Traffic"), "The traffic."),
});

const withdrawn = operation("admin", {
  method: "delete",
  path: "/traffic/{model}/candidate",
  tags: ["deployments"],
  summary: "Gives up the deployment under way: the live version answers everything again",
  request: { params: z.object({ model: ModelName }) },
  responses: ok(Shown, "The deployment, given up."),
});

export const deploymentRoutes = router()
  .openapi(asked, async (c) =>
    c.json(await provision(c.req.valid("json"), c.var.caller.name, Date.now()), 202),
  )
  .openapi(listed, async (c) => c.json(await list(c.req.valid("query")), 200))
  .openapi(one, async (c) => {
    const body = await fromId(c.req.valid("param").id);
    return tagged(c, body) ? c.body(null, 304) : c.json(body, 200);
  })
  .openapi(split, async (c) => c.json(await traffic(c.req.valid("param").model), 200))
  .openapi(withdrawn, async (c) =>
    c.json(await withdraw(c.req.valid("param").model, c.var.caller.name, Date.now()), 200),
  );
