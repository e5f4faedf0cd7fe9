// A known input for smoke tests: the first held-out item of the version's dataset, or a neutral input.
import { SERVERLESS_REQUEST_BYTES } from "@sluice/models/limits.ts";
import { crc32, deflateSync } from "node:zlib";
import { buckets } from "../aws/link.ts";
import { listItems, getReadyDataset } from "../dataset/read.ts";
import { SluiceError } from "../error/error.ts";
import { fetchObject } from "../object/fetch.ts";
import type { Task } from "../prediction/prediction.ts";
import { folderOf, storeArtifact } from "./package.ts";
import type { Sample } from "./version.ts";

const side = 64;
const grey = 128;

interface Input {
  bytes: Uint8Array;
  contentType: string;
  label?: string;
}

/** Stored beside the package: the dataset's files may be deleted before the version. */
export async function storeSample(
  about: { model: string; digest: string; task: Task },
  dataset: string | undefined,
): Promise<Sample> {
  const { bytes, contentType, label } = (dataset && (await heldOut(dataset))) || neutralInput(about.task);
  const key = `${folderOf(about.model, about.digest)}sample`;
  await storeArtifact(key, bytes, contentType);
  return { key, contentType, label };
}

async function heldOut(id: string): Promise<Input | undefined> {
  try {
    const dataset = await getReadyDataset(id);
    const [line] = (await listItems(dataset, { split: "test", limit: 1 })).items;
    if (!line) return undefined;
    if (line.text !== undefined)
      return { bytes: Buffer.from(line.text), contentType: "text/plain", label: line.label };
    const found = await fetchObject({ bucket: buckets.uploads(), key: line.file }, SERVERLESS_REQUEST_BYTES);
    return { ...found, contentType: found.contentType ?? "application/octet-stream", label: line.label };
  } catch (error) {
    // A deleted or too large file must not fail the version: use a neutral input.
    if (error instanceof SluiceError && error.kind === "user") return undefined;
    throw error;
  }
}

export function neutralInput(task: Task): Input {
  if (task === "text-classification")
    return { bytes: Buffer.from("A short text about nothing in particular."), contentType: "text/plain" };
  return { bytes: greyPng(), contentType: "image/png" };
}

function greyPng(): Buffer {
  const chunk = (name: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(name), data]);
    const length = Buffer.alloc(4);
    const sum = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  // Eight bits per channel, RGB.
  header.set([8, 2], 8);
  // Each row starts with its filter type: none.
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(side * 3, grey)]);
  const pixels = deflateSync(Buffer.concat(Array.from({ length: side }, () => row)));
  return Buffer.concat([
    Buffer.from("89504e470d0a1a0a", "hex"),
    chunk("IHDR", header),
    chunk("IDAT", pixels),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}
