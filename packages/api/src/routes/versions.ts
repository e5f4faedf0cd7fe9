import { z } from "@hono/zod-openapi";
import { Evaluation } from "@sluice/core/evaluation/evaluation.ts";
import { evaluationOf } from "@sluice/core/evaluation/read.ts";
import { evaluate } from "@sluice/core/evaluation/start.ts";
import { bring, form } from "@sluice/core/version/bring.ts";
import { link } from "@sluice/core/version/package.ts";
import { fromVersion, list, ListQuery } from "@sluice/core/version/read.ts";
import { ModelVersion } from "@sluice/core/version/version.ts";
import { router } from "../env.ts";
import { tagged } from "../etag.ts";
import { accepted, ModelName, notModified, ok, operation, page } from "../operation.ts";

const Shown = ModelVersion.openapi("ModelVersion");
const VersionName = z
  .string()
  .regex(/^([0-9a-f]{4,12}|latest)$/, "is no version: 4 to 12 hex digits, or `latest`")
  .openapi({ param: { name: "version", in: "path" }, example: "0a1b2c3d4e5f" });
const params = z.object({ model: ModelName, version: VersionName });
const json = <S extends z.ZodType>(schema: S) => ({
  required: true,
  content: { "application/json": { schema } },
});

const listed = operation("read", {
  method: "get",
  path: "/versions",
  tags: ["versions"],
  summary: "A model's versions, newest first",
  request: { query: ListQuery },
  responses: page(Shown),
});

const one = operation("read", {
  method: "get",
  path: "/versions/{model}/{version}",
  tags: ["versions"],
  summary: "One version with its lineage and its figures",
  request: { params },
  responses: { ...ok(Shown, "The version."), ...notModified },
});

const evaluation = operation("read", {
  method: "get",
  path: "/versions/{model}/{version}/evaluation",
  tags: ["versions"],
  summary: "How good it is on the held-out split: per class, confused with what, calibrated how well",
  request: { params },
  responses: { ...ok(Evaluation.openapi("Evaluation"), "The evaluation."), ...notModified },
});

const packaged = operation("read", {
  method: "get",
  path: "/versions/{model}/{version}/package",
  tags: ["versions"],
  summary: "An address the package can be fetched from for some minutes",
  request: { params },
  responses: ok(z.object({ url: z.string(), bytes: z.number(), expiresAt: z.string() }), "The address."),
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

const asked = operation("admin", {
  method: "post",
  path: "/versions/{model}/form",
  tags: ["versions"],
  summary: "Asks for a form that takes a model.tar.gz, straight to S3",
  request: { params: z.object({ model: ModelName }) },
  responses: ok(Form, "The form."),
});

const brought = operation("admin", {
  method: "post",
  path: "/versions/{model}",
  tags: ["versions"],
  summary: "Registers a package that was sent with the form; the same content again is the same version",
  request: { params: z.object({ model: ModelName }), body: json(z.object({ key: z.string().max(1_024) })) },
  responses: ok(Shown, "The version."),
});

const evaluated = operation("admin", {
  method: "post",
  path: "/versions/{model}/{version}/evaluate",
  tags: ["versions"],
  summary: "Evaluates it on the held-out split of its dataset, or of the one named",
  request: {
    params,
    body: json(
      z.object({
        dataset: z.string().max(64).optional(),
        samples: z.number().int().min(1).max(1_000_000).optional(),
      }),
    ),
  },
  responses: accepted(Shown, "It runs."),
});

export const versionRoutes = router()
  .openapi(listed, async (c) => c.json(await list(c.req.valid("query")), 200))
  .openapi(one, async (c) => {
    const { model, version } = c.req.valid("param");
    const body = await fromVersion(model, version);
    return tagged(c, body) ? c.body(null, 304) : c.json(body, 200);
  })
  .openapi(evaluation, async (c) => {
    const { model, version } = c.req.valid("param");
    const body = await evaluationOf(await fromVersion(model, version));
    return tagged(c, body) ? c.body(null, 304) : c.json(body, 200);
  })
  .openapi(packaged, async (c) => {
    const { model, version } = c.req.valid("param");
    return c.json(await link(await fromVersion(model, version), Date.now()), 200);
  })
  .openapi(asked, async (c) => c.json(await form(c.req.valid("param").model, Date.now()), 200))
  .openapi(brought, async (c) => {
    const { key } = c.req.valid("json");
    return c.json(await bring(c.req.valid("param").model, key, Date.now()), 200);
  })
  .openapi(evaluated, async (c) => {
    const { model, version } = c.req.valid("param");
    const found = await fromVersion(model, version);
    return c.json(await evaluate(found, c.req.valid("json"), Date.now()), 202);
  });
