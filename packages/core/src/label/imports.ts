// Starts imports of label files and reads their records.
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { createPresignedPost } from "@aws-sdk/s3-presigned-post";
import { randomUUID } from "node:crypto";
import * as z from "zod";
import { buckets } from "../aws/link.ts";
import { s3 } from "../aws/s3.ts";
import { db } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import { getModel } from "../model/model.ts";
import { storageError } from "../object/fetch.ts";
import { uploadKey } from "../upload/key.ts";
import { fn } from "../util/fn.ts";
import { pageOf } from "../util/page.ts";
import { Import } from "./import.ts";
import type { ImportItem } from "./import.entity.ts";

const formSeconds = 900;
/** About a million lines of JSON. */
const maxFileBytes = 1_000_000_000;

/** The content of a label file that imports the class folders below a prefix. */
export const PrefixRequest = z.object({ sluice: z.literal("class-folders"), prefix: z.string() });
export const prefixRequestName = ".class-folders.json";

const toImport = (item: ImportItem): Import => Import.parse(item);

export async function getImport(id: string): Promise<Import> {
  const { data } = await db().entities.import.get({ id }).go();
  if (data) return toImport(data);
  throw new SluiceError("IMPORT_UNKNOWN", `There is no import ${id}.`, { details: { id } });
}

export const listImports = fn(
  z.object({
    model: z.string(),
    limit: z.coerce.number().int().min(1).max(100).default(20),
    cursor: z.string().max(2_000).optional(),
  }),
  async ({ model, limit, cursor }) => {
    getModel(model);
    const query = db().entities.import.query.byModel({ model });
    return pageOf(query, { limit, cursor, order: "desc" }, toImport);
  },
);

/** A form to upload one label file. Its upload starts the import. */
export const createImportForm = fn(
  z.object({ model: z.string(), filename: z.string().min(1).max(1_024) }),
  async ({ model, filename }) => {
    getModel(model);
    const key = uploadKey(`labels/${model}/`, filename);
    const { url, fields } = await createPresignedPost(s3(), {
      Bucket: buckets.uploads(),
      Key: key,
      Expires: formSeconds,
      Conditions: [["content-length-range", 1, maxFileBytes]],
    });
    return { key, url, fields, maxBytes: maxFileBytes };
  },
);

/** Imports class folders: stores a request as a label file, so the import takes the same path. */
export const importFolders = fn(
  z.object({ model: z.string(), prefix: z.string().regex(/^[^/].*\/$/, "must end with `/`") }),
  async ({ model, prefix }) => {
    getModel(model);
    const key = `labels/${model}/${randomUUID().slice(0, 8)}${prefixRequestName}`;
    const request: z.output<typeof PrefixRequest> = { sluice: "class-folders", prefix };
    const bucket = buckets.uploads();
    await s3()
      .send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: JSON.stringify(request) }))
      .catch((error: unknown) => {
        throw storageError(error, "s3:PutObject", bucket, key);
      });
    return { key };
  },
);

/** The import of a label file. `undefined` before it begins. */
export async function findImport(model: string, source: string): Promise<Import | undefined> {
  const { items } = await listImports({ model, limit: 100 });
  return items.find((item) => item.source === source);
}
