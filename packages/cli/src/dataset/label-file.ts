// Imports a label file whose files are in the uploads bucket already. Names that match no file would become labels
// that no dataset can use, so they are looked up first.
import { open as openFile } from "node:fs/promises";
import path from "node:path";
import type { Collection } from "@sluice/labels/format/collection.ts";
import { isProblem } from "@sluice/labels/format/problem.ts";
import type { Sample } from "@sluice/labels/format/sample.ts";
import type { Import } from "@sluice/core/label/import.ts";
import type { Model } from "@sluice/models/index.ts";
import { readBody, type Client } from "../target/client.ts";
import { EXIT, Failure } from "../terminal/failure.ts";
import { printNote, sanitize } from "../terminal/output.ts";
import { createTempFolder } from "../terminal/temp-folder.ts";
import { uploadLabels } from "./upload.ts";

/** Names per request, and of a file at most. */
const BATCH_SIZE = 500;
const MAX_CHECKED = 5_000;
const MAX_EXAMPLES = 5;

interface Options {
  /** Prefix in the uploads bucket. File names are relative to it. */
  files?: string;
  allowMissing?: boolean;
}

export async function importLabelFile(
  api: Client,
  model: Model,
  file: string,
  { files: prefix, allowMissing }: Options,
): Promise<Import> {
  if (prefix !== undefined && !/^(data|uploads)\/(.*\/)?$/.test(prefix)) throw prefixFailure(prefix);
  const isPacked = /\.(gz|tgz)$/i.test(file);
  if (isPacked && prefix === undefined) return uploadLabels(api, model.name, file);
  if (isPacked)
    throw new Failure("USAGE_WRONG", "--files cannot be used with a packed label file.", {
      exit: EXIT.usage,
      hint: "Unpack it first, and import the label file.",
    });
  if (!allowMissing) await checkFiles(api, model, file, prefix ?? "");
  if (prefix === undefined) return uploadLabels(api, model.name, file);
  const { folder, remove } = await createTempFolder("labels");
  try {
    const labels = path.join(folder, "labels.jsonl");
    const handle = await openFile(labels, "w");
    try {
      for await (const { at: _, ...sample } of readSamples(file, model))
        await handle.write(
          `${JSON.stringify(sample.file === undefined ? sample : { ...sample, file: prefix + sample.file })}\n`,
        );
    } finally {
      await handle.close();
    }
    return await uploadLabels(api, model.name, labels);
  } finally {
    remove();
  }
}

async function checkFiles(api: Client, model: Model, file: string, prefix: string): Promise<void> {
  const missing: string[] = [];
  let [checked, batch]: [number, string[]] = [0, []];
  const send = async () => {
    const param = { model: model.name };
    const found = await readBody(api.labels[":model"].missing.$post({ param, json: { files: batch } }));
    checked += batch.length;
    missing.push(...found.missing);
    batch = [];
  };
  try {
    for await (const sample of readSamples(file, model)) {
      if (sample.file === undefined) continue;
      batch.push(prefix + sample.file);
      if (batch.length === BATCH_SIZE) await send();
      if (checked >= MAX_CHECKED) break;
    }
  } catch (error) {
    // The import fails with the same reason, and records it.
    if ((error as { code?: string }).code !== "FORMAT_UNKNOWN") throw error;
  }
  if (batch.length > 0) await send();
  if (missing.length === 0) return;
  const examples = missing.slice(0, MAX_EXAMPLES).map(sanitize).join(", ");
  const names = `${missing.length} of ${checked} names in ${path.basename(file)} match no file of the bucket: ${examples}${missing.length > MAX_EXAMPLES ? " ..." : ""}`;
  if (missing.length < checked) return printNote(`${names}.`);
  throw new Failure("LABELS_WITHOUT_FILES", `${names}. Nothing was imported.`, {
    hint: `If the files are beside the label file, import its folder: npx sluice datasets import ${path.dirname(file)} --model ${model.name}. If they are in the bucket, name their prefix with --files PREFIX/. To label files that you upload later, add --allow-missing.`,
  });
}

async function* readSamples(file: string, { classes }: Model): AsyncGenerator<Sample> {
  const { readLabels } = await import("@sluice/labels/format/formats.ts");
  const { openFolder } = await import("@sluice/labels/format/folder.ts");
  const name = path.basename(file);
  const folder = openFolder(path.dirname(file));
  const collection: Collection = {
    ...folder,
    name: file,
    async *list() {
      yield { path: name, size: 0 };
    },
    // The names as written: which files exist is decided in the bucket.
    has: () => Promise.resolve(true),
  };
  for await (const one of readLabels(collection, { classes })) if (!isProblem(one)) yield one;
}

const prefixFailure = (prefix: string) =>
  new Failure("PREFIX_INVALID", `--files: "${prefix}" must start with data/ or uploads/ and end with /.`, {
    exit: EXIT.usage,
    hint: "Use a prefix such as uploads/vehicles/may/.",
  });
