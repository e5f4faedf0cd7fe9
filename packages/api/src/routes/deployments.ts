import { z } from "@hono/zod-openapi";
import { Deployment } from "@sluice/core/deployment/deployment.ts";
import { getDeployment, listDeployments, ListQuery, getTraffic } from "@sluice/core/deployment/read.ts";
import { provision, Request } from "@sluice/core/deployment/request.ts";
import { Comparison } from "@sluice/core/comparison/comparison.ts";
import { compareVersions, ComparisonQuery } from "@sluice/core/comparison/report.ts";
import { Traffic } from "@sluice/core/traffic/traffic.ts";
import { abortDeployment } from "@sluice/core/deployment/abort.ts";
import { createRouter } from "../http/router.ts";
import { accepted, json, ModelName, ok, okPage, okWithEtag, operations } from "../http/operation.ts";

const operation = operations("deployments");
const DeploymentBody = Deployment.openapi("Deployment");
const ProvisionResponse = z
  .object({
    action: z.enum(["started", "underway", "changed", "unchanged"]),
    model: z.string(),
    version: z.string(),
    endpoint: z.string(),
    warning: z.string().optional(),
    deployment: DeploymentBody.optional(),
  })
  .openapi("ProvisionResponse");

const provisionRoute = operation("admin", "post", "/deployments", {
  summary: "Deploy a version; changes nothing if it is already deployed with these settings",
  description:
    "With `shares`, the version first serves these percentages of the predictions, one after the other. A last share below " +
    "100 is kept until the next request.",
  request: json(Request.openapi("ProvisionRequest")),
  responses: accepted(ProvisionResponse, "The action, and the deployment if there is one."),
});

const listRoute = operation("read", "get", "/deployments", {
  summary: "List the deployments of a model, newest first",
  request: { query: ListQuery },
  responses: okPage(DeploymentBody),
});

const getRoute = operation("read", "get", "/deployments/{id}", {
  summary: "Get a deployment: step, times, failure reason",
  request: {
    params: z.object({
      id: z
        .string()
        .regex(/^dep_[0-9a-z]{1,40}$/, "is not a deployment id")
        .openapi({ param: { name: "id", in: "path" } }),
    }),
  },
  responses: okWithEtag(DeploymentBody, "The deployment."),
});

const trafficRoute = operation("read", "get", "/traffic/{model}", {
  summary: "Get the live version of a model, and the candidate with its traffic share",
  request: { params: z.object({ model: ModelName }) },
  responses: ok(Traffic.openapi("Traffic"), "The traffic."),
});

const abortRoute = operation("admin", "delete", "/traffic/{model}/candidate", {
  summary: "Abort the deployment in progress; the live version serves all predictions again",
  request: { params: z.object({ model: ModelName }) },
  responses: ok(DeploymentBody, "The aborted deployment."),
});

const reportRoute = operation("read", "get", "/traffic/{model}/report", {
  summary: "Compare two versions by the predictions that they served: the A/B report",
  description:
    "Reads the newest 5,000 predictions of the period. `versions` names the current version and the candidate, with a comma. " +
    "Each figure and each difference has an interval of 95 %.",
  request: { params: z.object({ model: ModelName }), query: ComparisonQuery.omit({ model: true }) },
  responses: ok(Comparison.openapi("Comparison"), "The figures of both versions, and a recommendation."),
});

export const deploymentRoutes = createRouter()
  .openapi(provisionRoute, async (c) =>
    c.json(await provision(c.req.valid("json"), c.var.caller.name, Date.now()), 202),
  )
  .openapi(listRoute, async (c) => c.json(await listDeployments(c.req.valid("query")), 200))
  .openapi(getRoute, async (c) => c.json(await getDeployment(c.req.valid("param").id), 200))
  .openapi(trafficRoute, async (c) => c.json(await getTraffic(c.req.valid("param").model), 200))
  .openapi(reportRoute, async (c) => {
    const { model } = c.req.valid("param");
    return c.json(await compareVersions({ model, ...c.req.valid("query"), now: Date.now() }), 200);
  })
  .openapi(abortRoute, async (c) =>
    c.json(await abortDeployment(c.req.valid("param").model, c.var.caller.name, Date.now()), 200),
  );
