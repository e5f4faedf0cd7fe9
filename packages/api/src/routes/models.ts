import { z } from "@hono/zod-openapi";
import * as Endpoints from "@sluice/core/endpoint/read.ts";
import { Endpoint } from "@sluice/core/endpoint/endpoint.ts";
import * as Models from "@sluice/core/model/model.ts";
import { byName } from "@sluice/models/index.ts";
import { Task } from "@sluice/core/prediction/prediction.ts";
import { router } from "../env.ts";
import { tagged } from "../etag.ts";
import { ModelName, notModified, ok, operation } from "../operation.ts";

const Model = z
  .object({
    name: z.string(),
    task: Task,
    classes: z.array(z.string()),
    accepts: z.object({
      prefixes: z.array(z.string()),
      types: z.array(z.string()),
      maxBytes: z.number(),
      maxPixels: z.number(),
    }),
    gate: z.object({ threshold: z.number(), perClass: z.record(z.string(), z.number()) }),
    target: z.enum(["serverless", "realtime", "async"]),
    training: z.object({
      container: z.string(),
      instance: z.string(),
      spot: z.boolean(),
      hyperparameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    }),
    /** What a version must reach to be deployed by itself; absent where a person decides. */
    policy: z.object({
      deploy: z
        .object({ metric: z.string(), atLeast: z.number(), noWorseThanCurrent: z.boolean() })
        .optional(),
    }),
    endpoint: z.object({
      name: z.string(),
      status: z.string().openapi({ example: "InService" }),
      failureReason: z.string().optional(),
    }),
  })
  .openapi("Model");

const NONE = "NotProvisioned";

function shown(declared: Models.Declared, endpoints: Endpoint[]) {
  const { endpoint, queue: _, ...rest } = declared;
  const present = endpointOf(declared, endpoints);
  const { training, policy } = byName(declared.name)!;
  return Model.parse({
    ...rest,
    training,
    policy,
    target: present?.target ?? declared.target,
    endpoint: {
      name: present?.name ?? endpoint,
      status: present?.status ?? NONE,
      failureReason: present?.failureReason,
    },
  });
}

/** The declared one, or while there is none such, the one of another target that somebody asked for. */
function endpointOf({ name: model, endpoint }: Models.Declared, endpoints: Endpoint[]): Endpoint | undefined {
  const own = endpoints.filter((one) => one.model === model && !Models.behindEndpoint(one.name)?.candidate);
  const stands = own.filter(({ status }) => !status.startsWith("Delet"));
  const declared = (all: Endpoint[]) => all.find(({ name }) => name === endpoint);
  return declared(stands) ?? stands[0] ?? declared(own);
}

const listed = operation("read", {
  method: "get",
  path: "/models",
  tags: ["models"],
  summary: "The declared models, each with the state of its endpoint",
  responses: ok(z.object({ items: z.array(Model) }), "All of them, by name."),
});

const one = operation("read", {
  method: "get",
  path: "/models/{model}",
  tags: ["models"],
  summary: "One declared model",
  request: { params: z.object({ model: ModelName }) },
  responses: { ...ok(Model, "The model."), ...notModified },
});

export const modelRoutes = router()
  .openapi(listed, async (c) => {
    const endpoints = await Endpoints.list();
    return c.json({ items: Models.list().map((model) => shown(model, endpoints)) }, 200);
  })
  .openapi(one, async (c) => {
    const declared = Models.model(c.req.valid("param").model);
    const body = shown(declared, await Endpoints.list());
    return tagged(c, body) ? c.body(null, 304) : c.json(body, 200);
  });
