import { z } from "@hono/zod-openapi";
import { imageUrl } from "@sluice/core/label/files.ts";
import { Import } from "@sluice/core/label/import.ts";
import * as Imports from "@sluice/core/label/imports.ts";
import { Counts, Label } from "@sluice/core/label/label.ts";
import { counts, get, LabelQuery, list } from "@sluice/core/label/read.ts";
import { LabelWish, remove, set } from "@sluice/core/label/set.ts";
import { router } from "../env.ts";
import { tagged } from "../etag.ts";
import { accepted, created, Id, json, ModelName, notModified, ok, operation, page } from "../operation.ts";

const Shown = Label.extend({
  imageUrl: z.string().optional().openapi({
    description: "Shows the file, for a quarter of an hour. Only where `images` asks for it.",
  }),
}).openapi("Label");
const images = z.enum(["true"]).optional();
const ShownImport = Import.openapi("Import");
const params = z.object({ model: ModelName });

const listed = operation("read", {
  method: "get",
  path: "/labels/{model}",
  tags: ["labels"],
  summary: "A model's labels",
  description: "A page may be short, even empty, and still have a cursor: follow it until there is none.",
  request: { params, query: LabelQuery.omit({ model: true }).extend({ images }) },
  responses: page(Shown),
});

const counted = operation("read", {
  method: "get",
  path: "/labels/{model}/counts",
  tags: ["labels"],
  summary: "How many labels of each class there are",
  request: { params },
  responses: { ...ok(Counts.openapi("LabelCounts"), "The counts."), ...notModified },
});

const one = operation("read", {
  method: "get",
  path: "/labels/{model}/label",
  tags: ["labels"],
  summary: "The label of one object, with what it was before",
  request: { params, query: z.object({ key: z.string(), images }) },
  responses: { ...ok(Shown, "The label."), ...notModified },
});

const put = operation("upload", {
  method: "put",
  path: "/labels/{model}",
  tags: ["labels"],
  summary: "Labels one object of the uploads bucket, or one text",
  request: { params, ...json(LabelWish.openapi("LabelWish")) },
  responses: ok(Shown, "The label as it stands now."),
});

const deleted = operation("upload", {
  method: "delete",
  path: "/labels/{model}",
  tags: ["labels"],
  summary: "Takes one label away; the file stays",
  request: { params, query: z.object({ key: z.string() }) },
  responses: { 204: { description: "It is gone." } },
});

const imports = operation("read", {
  method: "get",
  path: "/labels/{model}/imports",
  tags: ["labels"],
  summary: "The label files that were imported, newest first",
  request: {
    params,
    query: z.object({
      limit: z.coerce.number().int().min(1).max(100).default(20),
      cursor: z.string().optional(),
      source: z.string().optional().openapi({ description: "Only the import of this label file." }),
    }),
  },
  responses: page(ShownImport),
});

const importOne = operation("read", {
  method: "get",
  path: "/imports/{id}",
  tags: ["labels"],
  summary: "One import: how many labels it brought, and what was wrong",
  request: { params: z.object({ id: Id }) },
  responses: { ...ok(ShownImport, "The import."), ...notModified },
});

const fileForm = operation("upload", {
  method: "post",
  path: "/labels/{model}/files",
  tags: ["labels"],
  summary: "Asks for a form that takes one label file; its arrival imports it",
  description: "CSV, COCO or Ground Truth JSON, JSON lines, or a .tar.gz of YOLO or Pascal VOC files.",
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

const folders = operation("upload", {
  method: "post",
  path: "/labels/{model}/folders",
  tags: ["labels"],
  summary: "Labels the objects below a prefix by their class folders",
  request: {
    params,
    ...json(z.object({ prefix: z.string().openapi({ example: "data/vehicles/" }) }).openapi("LabelFolders")),
  },
  responses: accepted(
    z.object({ key: z.string() }),
    "It will be imported; its import's `source` is this key.",
  ),
});

const seen = async (label: Label) => ({
  ...label,
  ...(label.text === undefined && { imageUrl: await imageUrl(label.key) }),
});

export const labelRoutes = router()
  .openapi(listed, async (c) => {
    const { images: asked, ...query } = c.req.valid("query");
    const { items, cursor } = await list({ ...c.req.valid("param"), ...query });
    return c.json({ items: asked ? await Promise.all(items.map(seen)) : items, cursor }, 200);
  })
  .openapi(counted, async (c) => {
    const body = await counts(c.req.valid("param").model);
    return tagged(c, body) ? c.body(null, 304) : c.json(body, 200);
  })
  .openapi(one, async (c) => {
    const body = await get(c.req.valid("param").model, c.req.valid("query").key);
    // An address that ends soon has no lasting tag.
    if (c.req.valid("query").images) return c.json(await seen(body), 200);
    return tagged(c, body) ? c.body(null, 304) : c.json(body, 200);
  })
  .openapi(put, async (c) => {
    const { model } = c.req.valid("param");
    const wish = c.req.valid("json");
    return c.json(await set({ model, wish, annotator: c.var.caller.name, now: Date.now() }), 200);
  })
  .openapi(deleted, async (c) => {
    const { model } = c.req.valid("param");
    const { key } = c.req.valid("query");
    await remove({ model, key, annotator: c.var.caller.name, now: Date.now() });
    return c.body(null, 204);
  })
  .openapi(imports, async (c) => {
    const { model } = c.req.valid("param");
    const { source, ...page } = c.req.valid("query");
    if (source === undefined) return c.json(await Imports.list({ model, ...page }), 200);
    const found = await Imports.fromSource(model, source);
    return c.json({ items: found ? [found] : [] }, 200);
  })
  .openapi(importOne, async (c) => {
    const body = await Imports.fromId(c.req.valid("param").id);
    return tagged(c, body) ? c.body(null, 304) : c.json(body, 200);
  })
  .openapi(fileForm, async (c) => {
    const { filename } = c.req.valid("json");
    return c.json(await Imports.form({ ...c.req.valid("param"), filename }), 201);
  })
  .openapi(folders, async (c) => {
    const { prefix } = c.req.valid("json");
    return c.json(await Imports.fromFolders({ ...c.req.valid("param"), prefix }), 202);
  });
