import { z } from "@hono/zod-openapi";
import { Dataset, Report } from "@sluice/core/dataset/dataset.ts";
import { imageUrl, request as filesRequest } from "@sluice/core/label/files.ts";
import { Line } from "@sluice/core/dataset/line.ts";
import { fromId, items, ItemsQuery, list, readyFromId, reportOf } from "@sluice/core/dataset/read.ts";
import { prepare, PrepareWish } from "@sluice/core/dataset/request.ts";
import { router } from "../env.ts";
import { tagged } from "../etag.ts";
import { accepted, created, Id, json, notModified, ok, operation, page } from "../operation.ts";

const Shown = Dataset.openapi("Dataset");
const params = z.object({ id: Id });

const listed = operation("read", {
  method: "get",
  path: "/datasets",
  tags: ["datasets"],
  summary: "A model's datasets, newest first",
  request: { query: list.schema },
  responses: page(Shown),
});

const prepared = operation("admin", {
  method: "post",
  path: "/datasets",
  tags: ["datasets"],
  summary: "Prepares a dataset from the model's labels as they stand",
  description: "What is not said is as the model declares it. GET the dataset to follow it.",
  request: json(PrepareWish.openapi("PrepareWish")),
  responses: accepted(Shown, "It has begun."),
});

const one = operation("read", {
  method: "get",
  path: "/datasets/{id}",
  tags: ["datasets"],
  summary: "One dataset: status, progress, what became of each class",
  request: { params },
  responses: { ...ok(Shown, "The dataset."), ...notModified },
});

const report = operation("read", {
  method: "get",
  path: "/datasets/{id}/report",
  tags: ["datasets"],
  summary: "What was prepared and what was left out, with up to a thousand of its problems",
  request: { params },
  responses: { ...ok(Report.openapi("DatasetReport"), "The report."), ...notModified },
});

const Item = Line.extend({
  image: z.string().optional().openapi({ description: "Shows the file, for a quarter of an hour." }),
}).openapi("DatasetItem");

const itemsOf = operation("read", {
  method: "get",
  path: "/datasets/{id}/items",
  tags: ["datasets"],
  summary: "The items of one split",
  description: "A page may be short, even empty, and still have a cursor: follow it until there is none.",
  request: { params, query: ItemsQuery },
  responses: page(Item),
});

const forms = operation("upload", {
  method: "post",
  path: "/datasets/files",
  tags: ["datasets"],
  summary: "Asks for a form that takes up to 500 files to learn from, straight to S3",
  description:
    "For each file send `key` as the answer names it, `Content-Type`, the form's fields, then `file` last. What is `present` need not be sent.",
  request: json(filesRequest.schema.openapi("DatasetFiles")),
  responses: created(
    z
      .object({
        bucket: z.string(),
        url: z.string(),
        fields: z.record(z.string(), z.string()),
        maxBytes: z.number(),
        files: z.array(z.object({ path: z.string(), key: z.string(), present: z.boolean() })),
      })
      .openapi("DatasetFilesForm"),
    "The form.",
  ),
});

export const datasetRoutes = router()
  .openapi(listed, async (c) => c.json(await list(c.req.valid("query")), 200))
  .openapi(prepared, async (c) => {
    const wish = { ...c.req.valid("json"), requestedBy: c.var.caller.name, now: Date.now() };
    const dataset = await prepare(wish);
    return c.json(dataset, 202, { location: `/datasets/${dataset.id}` });
  })
  .openapi(one, async (c) => {
    const body = await fromId(c.req.valid("param").id);
    return tagged(c, body) ? c.body(null, 304) : c.json(body, 200);
  })
  .openapi(report, async (c) => {
    const body = await reportOf(await readyFromId(c.req.valid("param").id));
    return tagged(c, body) ? c.body(null, 304) : c.json(body, 200);
  })
  .openapi(itemsOf, async (c) => {
    const page = await items(await readyFromId(c.req.valid("param").id), c.req.valid("query"));
    const shown = page.items.map(async (item) => ({
      ...item,
      image: item.text === undefined ? await imageUrl(item.file) : undefined,
    }));
    return c.json({ items: await Promise.all(shown), cursor: page.cursor }, 200);
  })
  .openapi(forms, async (c) => c.json(await filesRequest(c.req.valid("json")), 201));
