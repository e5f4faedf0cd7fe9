import { z } from "@hono/zod-openapi";
import { listEndpoints } from "@sluice/core/endpoint/read.ts";
import { Endpoint } from "@sluice/core/endpoint/endpoint.ts";
import { type DeclaredModel, getModel, listModels, modelOfEndpoint } from "@sluice/core/model/model.ts";
import { byName } from "@sluice/models/index.ts";
import { declaredHyperparameters } from "@sluice/core/training/torch/profile.ts";
import { Task } from "@sluice/core/prediction/prediction.ts";
import { createRouter } from "../http/router.ts";
import { ModelName, ok, okWithEtag, operations } from "../http/operation.ts";

const operation = operations("models");
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
    /** The score a version needs for automatic deployment. Without it, versions are deployed by hand. */
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

const NOT_PROVISIONED = "NotProvisioned";

function toModel(declared: DeclaredModel, endpoints: Endpoint[]) {
  const { endpoint, queue: _, ...rest } = declared;
  const present = findEndpoint(declared, endpoints);
  const { training, policy } = byName(declared.name)!;
  return Model.parse({
    ...rest,
    training: { ...training, hyperparameters: declaredHyperparameters(training) },
    policy,
    target: present?.target ?? declared.target,
    endpoint: {
      name: present?.name ?? endpoint,
      status: present?.status ?? NOT_PROVISIONED,
      failureReason: present?.failureReason,
    },
  });
}

/** The declared endpoint. If it does not exist, an endpoint of another target. */
function findEndpoint({ name: model, endpoint }: DeclaredModel, endpoints: Endpoint[]): Endpoint | undefined {
  const own = endpoints.filter((one) => one.model === model && !modelOfEndpoint(one.name)?.candidate);
  const existing = own.filter(({ status }) => !status.startsWith("Delet"));
  const findDeclared = (all: Endpoint[]) => all.find(({ name }) => name === endpoint);
  return findDeclared(existing) ?? existing[0] ?? findDeclared(own);
}

const listRoute = operation("read", "get", "/models", {
  summary: "List the declared models, each with its endpoint status",
  responses: ok(z.object({ items: z.array(Model) }), "All models, by name."),
});

const getRoute = operation("read", "get", "/models/{model}", {
  summary: "Get a declared model",
  request: { params: z.object({ model: ModelName }) },
  responses: okWithEtag(Model, "The model."),
});

export const modelRoutes = createRouter()
  .openapi(listRoute, async (c) => {
    const endpoints = await listEndpoints();
    return c.json({ items: listModels().map((model) => toModel(model, endpoints)) }, 200);
  })
  .openapi(getRoute, async (c) => {
    const declared = getModel(c.req.valid("param").model);
    const body = toModel(declared, await listEndpoints());
    return c.json(body, 200);
  });
