// Reads datasets, their reports and their items.
import { GetObjectCommand } from "@aws-sdk/client-s3";
import * as z from "zod";
import { buckets } from "../aws/link.ts";
import { s3 } from "../aws/s3.ts";
import { db } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import { getModel } from "../model/model.ts";
import { storageError } from "../object/fetch.ts";
import { fn } from "../util/fn.ts";
import { pageOf } from "../util/page.ts";
import { Dataset, Report } from "./dataset.ts";
import { type DatasetItem, noDigest } from "./dataset.entity.ts";
import { Split } from "@sluice/labels/format/sample.ts";
import { Line } from "./line.ts";

function toDataset({ files, filesDone, digest: stored, ...item }: DatasetItem): Dataset {
  const digest = stored === noDigest ? undefined : stored;
  const progress = files === undefined ? undefined : { done: Math.min(filesDone ?? 0, files), total: files };
  return Dataset.parse({ ...item, digest, progress: item.status === "preparing" ? progress : undefined });
}

export async function getDataset(id: string): Promise<Dataset> {
  const { data } = await db().entities.dataset.get({ id }).go();
  if (data) return toDataset(data);
  throw new SluiceError("DATASET_UNKNOWN", `Dataset ${id} does not exist.`, { details: { id } });
}

/** Throws for a dataset that is not ready. */
export async function getReadyDataset(id: string): Promise<Dataset & { folder: string }> {
  const found = await getDataset(id);
  if (found.status === "ready" && found.folder) return { ...found, folder: found.folder };
  const why = found.error ? `: ${found.error.message}` : ".";
  throw new SluiceError("DATASET_NOT_READY", `${id} is ${found.status}${why}`, { details: { id } });
}

export const listDatasets = fn(
  z.object({
    model: z.string(),
    limit: z.coerce.number().int().min(1).max(100).default(20),
    cursor: z.string().max(2_000).optional(),
  }),
  async ({ model, limit, cursor }) => {
    getModel(model);
    const query = db().entities.dataset.query.byModel({ model });
    return pageOf(query, { limit, cursor, order: "desc" }, toDataset);
  },
);

export async function latestReady(model: string): Promise<Dataset | undefined> {
  const { items } = await listDatasets({ model, limit: 100 });
  return items.find(({ status }) => status === "ready");
}

export async function reportOf(dataset: Dataset & { folder: string }): Promise<Report> {
  const { bytes } = await readBytes(`${dataset.folder}report.json`);
  return Report.parse(JSON.parse(Buffer.from(bytes).toString("utf8")));
}

export const ItemsQuery = z.object({
  split: Split.default("train"),
  class: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z
    .string()
    .regex(/^\d{1,15}$/, "is not a cursor of this list")
    .optional(),
});

/** Bytes that one page reads. */
const pageBytes = 1_048_576;

/** Reads a page of a split. The cursor is the byte where the next page begins. */
export async function listItems(
  dataset: Dataset & { folder: string },
  { split, class: name, limit, cursor }: z.output<typeof ItemsQuery>,
): Promise<{ items: Line[]; cursor?: string }> {
  const start = Number(cursor ?? 0);
  const { bytes, total } = await readBytes(`${dataset.folder}${split}.jsonl`, start);
  const found: Line[] = [];
  let at = 0;
  while (found.length < limit) {
    const end = bytes.indexOf(10, at);
    if (end === -1) break;
    const line = Line.parse(JSON.parse(Buffer.from(bytes.subarray(at, end)).toString("utf8")));
    if (name === undefined || line.label === name || line.boxes?.some((box) => box.class === name))
      found.push(line);
    at = end + 1;
  }
  const next = start + at;
  return { items: found, cursor: at > 0 && next < total ? String(next) : undefined };
}

async function readBytes(key: string, start?: number): Promise<{ bytes: Uint8Array; total: number }> {
  const bucket = buckets.artifacts();
  const range = start === undefined ? {} : { Range: `bytes=${start}-${start + pageBytes - 1}` };
  try {
    const output = await s3().send(new GetObjectCommand({ Bucket: bucket, Key: key, ...range }));
    const bytes = (await output.Body?.transformToByteArray()) ?? new Uint8Array();
    const total = Number(/\/(\d+)$/.exec(output.ContentRange ?? "")?.[1] ?? bytes.byteLength);
    return { bytes, total };
  } catch (error) {
    // The split is empty, or the cursor is after its end.
    if ((error as Error).name === "InvalidRange") return { bytes: new Uint8Array(), total: 0 };
    throw storageError(error, "s3:GetObject", bucket, key);
  }
}
