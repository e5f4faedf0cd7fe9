import { z } from "@hono/zod-openapi";
import { imageUrl } from "@sluice/core/label/files.ts";
import { Import } from "@sluice/core/label/import.ts";
import {
  createImportForm,
  findImport,
  getImport,
  importFolders,
  listImports,
} from "@sluice/core/label/imports.ts";
import { findMissingFiles } from "@sluice/core/label/missing-files.ts";
import { Counts, Label } from "@sluice/core/label/label.ts";
import { countLabels, getLabel, LabelQuery, listLabels } from "@sluice/core/label/read.ts";
import { LabelRequest, removeLabel, setLabel } from "@sluice/core/label/set.ts";
import { createRouter } from "../http/router.ts";
import {
  json,
  accepted,
  created,
  Id,
  ModelName,
  ok,
  okPage,
  okWithEtag,
  operations,
  PAGE_HINT,
} from "../http/operation.ts";

const operation = operations("labels");
const LabelBody = Label.extend({
  imageUrl: z.string().optional().openapi({
    description: "Presigned URL of the file, valid for 15 minutes. Only with `images=true`.",
  }),
}).openapi("Label");
const images = z.enum(["true"]).optional();
const ImportBody = Import.openapi("Import");
const params = z.object({ model: ModelName });

const listRoute = operation("read", "get", "/labels/{model}", {
  summary: "List the labels of a model",
  description: PAGE_HINT,
  request: { params, query: LabelQuery.omit({ model: true }).extend({ images }) },
  responses: okPage(LabelBody),
});

const countsRoute = operation("read", "get", "/labels/{model}/counts", {
  summary: "Count the labels of each class",
  request: { params },
  responses: okWithEtag(Counts.openapi("LabelCounts"), "The counts."),
});

const getRoute = operation("read", "get", "/labels/{model}/label", {
  summary: "Get the label of one object, with its history",
  request: { params, query: z.object({ key: z.string(), images }) },
  responses: okWithEtag(LabelBody, "The label."),
});

const setRoute = operation("upload", "put", "/labels/{model}", {
  summary: "Label one object of the uploads bucket, or one text",
  request: { params, ...json(LabelRequest.openapi("LabelRequest")) },
  responses: ok(LabelBody, "The current label."),
});

const removeRoute = operation("upload", "delete", "/labels/{model}", {
  summary: "Remove one label; the file is kept",
  request: { params, query: z.object({ key: z.string() }) },
  responses: { 204: { description: "The label is removed." } },
});

const importsRoute = operation("read", "get", "/labels/{model}/imports", {
  summary: "List the label imports, newest first",
  request: {
    params,
    query: z.object({
      limit: z.coerce.number().int().min(1).max(100).default(20),
      cursor: z.string().optional(),
      source: z.string().optional().openapi({ description: "Only the import of this label file." }),
    }),
  },
  responses: okPage(ImportBody),
});

const importRoute = operation("read", "get", "/imports/{id}", {
  summary: "Get an import: counts and problems",
  request: { params: z.object({ id: Id }) },
  responses: okWithEtag(ImportBody, "The import."),
});

const fileRoute = operation("upload", "post", "/labels/{model}/files", {
  summary: "Create a presigned form to upload a label file to S3; the upload starts its import",
  description: "CSV, COCO or Ground Truth JSON, JSON Lines, or a .tar.gz of YOLO or Pascal VOC files.",
  request: { params, ...json(z.object({ filename: z.string().min(1).max(1_024) }).openapi("LabelFile")) },
  responses: created(
    z
      .object({
        key: z.string(),
        url: z.string(),
        fields: z.record(z.string(), z.string()),
        maxBytes: z.number(),
      })
      .openapi("LabelFileForm"),
    "The form.",
  ),
});

const missingRoute = operation("upload", "post", "/labels/{model}/missing", {
  summary: "Find the names of a label file that match no file of the uploads bucket",
  description:
    "By key, by path below `data/<model>/`, by name, or by a path of another machine, as an import.",
  request: {
    params,
    ...json(z.object({ files: z.array(z.string().min(1).max(1_024)).min(1).max(500) }).openapi("FileNames")),
  },
  responses: ok(
    z.object({ missing: z.array(z.string()) }).openapi("MissingFiles"),
    "The names without a file.",
  ),
});

const foldersRoute = operation("upload", "post", "/labels/{model}/folders", {
  summary: "Label the objects below a prefix by their class folders",
  request: {
    params,
    ...json(z.object({ prefix: z.string().openapi({ example: "data/vehicles/" }) }).openapi("LabelFolders")),
  },
  responses: accepted(z.object({ key: z.string() }), "The import has started. Its `source` is this key."),
});

const withImageUrl = async (label: Label) => ({
  ...label,
  ...(label.text === undefined && { imageUrl: await imageUrl(label.key) }),
});

export const labelRoutes = createRouter()
  .openapi(listRoute, async (c) => {
    const { images: withImages, ...query } = c.req.valid("query");
    const { items, cursor } = await listLabels({ ...c.req.valid("param"), ...query });
    return c.json({ items: withImages ? await Promise.all(items.map(withImageUrl)) : items, cursor }, 200);
  })
  .openapi(countsRoute, async (c) => c.json(await countLabels(c.req.valid("param").model), 200))
  .openapi(getRoute, async (c) => {
    const { key, images: withImage } = c.req.valid("query");
    const label = await getLabel(c.req.valid("param").model, key);
    return c.json(withImage ? await withImageUrl(label) : label, 200);
  })
  .openapi(setRoute, async (c) => {
    const { model } = c.req.valid("param");
    const request = c.req.valid("json");
    return c.json(await setLabel({ model, request, annotator: c.var.caller.name, now: Date.now() }), 200);
  })
  .openapi(removeRoute, async (c) => {
    const { model } = c.req.valid("param");
    const { key } = c.req.valid("query");
    await removeLabel({ model, key, annotator: c.var.caller.name, now: Date.now() });
    return c.body(null, 204);
  })
  .openapi(importsRoute, async (c) => {
    const { model } = c.req.valid("param");
    const { source, ...page } = c.req.valid("query");
    if (source === undefined) return c.json(await listImports({ model, ...page }), 200);
    const found = await findImport(model, source);
    return c.json({ items: found ? [found] : [] }, 200);
  })
  .openapi(importRoute, async (c) => c.json(await getImport(c.req.valid("param").id), 200))
  .openapi(fileRoute, async (c) => {
    const { filename } = c.req.valid("json");
    return c.json(await createImportForm({ ...c.req.valid("param"), filename }), 201);
  })
  .openapi(missingRoute, async (c) => {
    const { files } = c.req.valid("json");
    return c.json({ missing: await findMissingFiles({ ...c.req.valid("param"), files }) }, 200);
  })
  .openapi(foldersRoute, async (c) => {
    const { prefix } = c.req.valid("json");
    return c.json(await importFolders({ ...c.req.valid("param"), prefix }), 202);
  });
