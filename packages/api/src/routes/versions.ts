import { z } from "@hono/zod-openapi";
import { Evaluation } from "@sluice/core/evaluation/evaluation.ts";
import { evaluationOf } from "@sluice/core/evaluation/read.ts";
import {
  readSpotCheck,
  SpotCheck,
  SpotCheckRequest,
  startSpotCheck,
} from "@sluice/core/evaluation/spot-check.ts";
import { startEvaluation } from "@sluice/core/evaluation/start.ts";
import { createUploadForm, importPackage } from "@sluice/core/version/import.ts";
import { downloadLink } from "@sluice/core/version/package.ts";
import { getVersion, listVersions, ListQuery } from "@sluice/core/version/read.ts";
import { ModelVersion } from "@sluice/core/version/version.ts";
import { createRouter } from "../http/router.ts";
import { json, accepted, ModelName, ok, okPage, okWithEtag, operations } from "../http/operation.ts";

const operation = operations("versions");
const VersionBody = ModelVersion.openapi("ModelVersion");
const VersionName = z
  .string()
  .regex(/^([0-9a-f]{4,12}|latest)$/, "is not a version: 4 to 12 hex digits, or `latest`")
  .openapi({ param: { name: "version", in: "path" }, example: "0a1b2c3d4e5f" });
const params = z.object({ model: ModelName, version: VersionName });

const listRoute = operation("read", "get", "/versions", {
  summary: "List the versions of a model, newest first",
  request: { query: ListQuery },
  responses: okPage(VersionBody),
});

const getRoute = operation("read", "get", "/versions/{model}/{version}", {
  summary: "Get a version with its origin and metrics",
  request: { params },
  responses: okWithEtag(VersionBody, "The version."),
});

const evaluationRoute = operation("read", "get", "/versions/{model}/{version}/evaluation", {
  summary: "Get the evaluation of a version: metrics per class, confusion matrix, calibration",
  request: { params },
  responses: okWithEtag(Evaluation.openapi("Evaluation"), "The evaluation."),
});

const packageRoute = operation("read", "get", "/versions/{model}/{version}/package", {
  summary: "Create a presigned URL to download the package",
  request: { params },
  responses: ok(z.object({ url: z.string(), bytes: z.number(), expiresAt: z.string() }), "The URL."),
});

const Form = z
  .object({
    key: z.string(),
    url: z.string(),
    fields: z.record(z.string(), z.string()),
    maxBytes: z.number(),
    expiresAt: z.string(),
  })
  .openapi("PackageForm");

const formRoute = operation("admin", "post", "/versions/{model}/form", {
  summary: "Create a presigned form to upload a model.tar.gz to S3",
  request: { params: z.object({ model: ModelName }) },
  responses: ok(Form, "The form."),
});

const importRoute = operation("admin", "post", "/versions/{model}", {
  summary: "Import an uploaded package as a version; the same content is the same version",
  request: { params: z.object({ model: ModelName }), ...json(z.object({ key: z.string().max(1_024) })) },
  responses: ok(VersionBody, "The version."),
});

const evaluateRoute = operation("admin", "post", "/versions/{model}/{version}/evaluate", {
  summary: "Evaluate a version on the held-out split of its dataset, or of `dataset`",
  request: {
    params,
    ...json(z.object({ dataset: z.string().max(64).optional() })),
  },
  responses: accepted(VersionBody, "The evaluation has started."),
});

const SpotCheckBody = SpotCheck.openapi("SpotCheck");
const startCheckRoute = operation("admin", "post", "/versions/{model}/{version}/spot-checks", {
  summary: "Evaluate a version on some held-out items, without a change of its metrics and status",
  request: { params, ...json(SpotCheckRequest.openapi("SpotCheckRequest")) },
  responses: accepted(SpotCheckBody.extend({ dataset: z.string() }), "The spot check has started."),
});

const checkRoute = operation("read", "get", "/versions/{model}/{version}/spot-checks/{job}", {
  summary: "Get a spot check, with its result when it is done",
  request: { params: params.extend({ job: z.string().max(63) }) },
  responses: ok(SpotCheckBody, "The spot check."),
});

export const versionRoutes = createRouter()
  .openapi(listRoute, async (c) => c.json(await listVersions(c.req.valid("query")), 200))
  .openapi(getRoute, async (c) => {
    const { model, version } = c.req.valid("param");
    const body = await getVersion(model, version);
    return c.json(body, 200);
  })
  .openapi(evaluationRoute, async (c) => {
    const { model, version } = c.req.valid("param");
    const body = await evaluationOf(await getVersion(model, version));
    return c.json(body, 200);
  })
  .openapi(packageRoute, async (c) => {
    const { model, version } = c.req.valid("param");
    return c.json(await downloadLink(await getVersion(model, version), Date.now()), 200);
  })
  .openapi(formRoute, async (c) =>
    c.json(await createUploadForm(c.req.valid("param").model, Date.now()), 200),
  )
  .openapi(importRoute, async (c) => {
    const { key } = c.req.valid("json");
    return c.json(await importPackage(c.req.valid("param").model, key, Date.now()), 200);
  })
  .openapi(evaluateRoute, async (c) => {
    const { model, version } = c.req.valid("param");
    const found = await getVersion(model, version);
    return c.json(await startEvaluation(found, c.req.valid("json"), Date.now()), 202);
  })
  .openapi(startCheckRoute, async (c) => {
    const { model, version } = c.req.valid("param");
    const found = await getVersion(model, version);
    return c.json(await startSpotCheck(found, c.req.valid("json"), Date.now()), 202);
  })
  .openapi(checkRoute, async (c) => {
    const { model, version, job } = c.req.valid("param");
    return c.json(await readSpotCheck(await getVersion(model, version), job), 200);
  });
