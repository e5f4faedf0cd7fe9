import { z } from "@hono/zod-openapi";
import { Dataset, Report } from "@sluice/core/dataset/dataset.ts";
import { imageUrl, requestFileUploads as filesRequest } from "@sluice/core/label/files.ts";
import { Line } from "@sluice/core/dataset/line.ts";
import {
  getDataset,
  listItems,
  ItemsQuery,
  listDatasets,
  getReadyDataset,
  reportOf,
} from "@sluice/core/dataset/read.ts";
import { requestDataset, PrepareRequest } from "@sluice/core/dataset/request.ts";
import { createRouter } from "../http/router.ts";
import { accepted, created, Id, json, okPage, okWithEtag, operations, PAGE_HINT } from "../http/operation.ts";

const operation = operations("datasets");
const DatasetBody = Dataset.openapi("Dataset");
const params = z.object({ id: Id });

const listRoute = operation("read", "get", "/datasets", {
  summary: "List the datasets of a model, newest first",
  request: { query: listDatasets.schema },
  responses: okPage(DatasetBody),
});

const prepareRoute = operation("admin", "post", "/datasets", {
  summary: "Prepare a dataset from the current labels of a model",
  description:
    "Missing options have the values of the model declaration. GET the dataset to follow the preparation.",
  request: json(PrepareRequest.openapi("PrepareRequest")),
  responses: accepted(DatasetBody, "The preparation has started."),
});

const getRoute = operation("read", "get", "/datasets/{id}", {
  summary: "Get a dataset: status, progress, items per class",
  request: { params },
  responses: okWithEtag(DatasetBody, "The dataset."),
});

const reportRoute = operation("read", "get", "/datasets/{id}/report", {
  summary: "Get the report of a dataset: included and excluded items, with up to 1,000 problems",
  request: { params },
  responses: okWithEtag(Report.openapi("DatasetReport"), "The report."),
});

const Item = Line.extend({
  image: z.string().optional().openapi({ description: "Presigned URL of the file, valid for 15 minutes." }),
}).openapi("DatasetItem");

const itemsRoute = operation("read", "get", "/datasets/{id}/items", {
  summary: "List the items of one split",
  description: PAGE_HINT,
  request: { params, query: ItemsQuery },
  responses: okPage(Item),
});

const filesRoute = operation("upload", "post", "/datasets/files", {
  summary: "Create a presigned form to upload up to 500 training files to S3",
  description:
    "For each file, send the returned `key`, `Content-Type`, the fields of the form, and `file` last. Skip files that are `present`.",
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

export const datasetRoutes = createRouter()
  .openapi(listRoute, async (c) => c.json(await listDatasets(c.req.valid("query")), 200))
  .openapi(prepareRoute, async (c) => {
    const request = { ...c.req.valid("json"), requestedBy: c.var.caller.name, now: Date.now() };
    const dataset = await requestDataset(request);
    return c.json(dataset, 202, { location: `/datasets/${dataset.id}` });
  })
  .openapi(getRoute, async (c) => c.json(await getDataset(c.req.valid("param").id), 200))
  .openapi(reportRoute, async (c) =>
    c.json(await reportOf(await getReadyDataset(c.req.valid("param").id)), 200),
  )
  .openapi(itemsRoute, async (c) => {
    const page = await listItems(await getReadyDataset(c.req.valid("param").id), c.req.valid("query"));
    const withImages = page.items.map(async (item) => ({
      ...item,
      image: item.text === undefined ? await imageUrl(item.file) : undefined,
    }));
    return c.json({ items: await Promise.all(withImages), cursor: page.cursor }, 200);
  })
  .openapi(filesRoute, async (c) => c.json(await filesRequest(c.req.valid("json")), 201));
