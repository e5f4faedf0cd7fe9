// Uploads files with their labels. Files that are already present are not uploaded again.
import { createHash } from "node:crypto";
import { createReadStream, openAsBlob } from "node:fs";
import { open as openFile } from "node:fs/promises";
import path from "node:path";
import type { Collection } from "@sluice/labels/format/collection.ts";
import type { FormatName } from "@sluice/labels/format/format.ts";
import { readLines } from "@sluice/labels/format/lines.ts";
import { createProblem, isProblem, type Problem } from "@sluice/labels/format/problem.ts";
import { isLabelled } from "@sluice/labels/format/sample.ts";
import type { Model } from "@sluice/models/index.ts";
import type { Import } from "@sluice/core/label/import.ts";
import { readBody, type Client } from "../target/client.ts";
import { poll } from "../target/poll.ts";
import { guessContentType } from "../upload/content-type.ts";
import { Failure } from "../terminal/failure.ts";
import { postForm } from "../upload/form.ts";
import { onInterrupt } from "../terminal/interrupt.ts";
import { createProgressBar } from "../terminal/output.ts";
import { createTempFolder } from "../terminal/temp-folder.ts";

/** Files per request. */
const BATCH_SIZE = 500;
const CONCURRENCY = 16;
const POLL_MS = 300;

export interface UploadSummary {
  files: number;
  sent: number;
  present: number;
  /** Of the local files and labels. Such a file is not uploaded, but its label is imported. */
  problems: Problem[];
  missing: string[];
  import: Import;
}

export async function uploadCollection(
  api: Client,
  from: Collection,
  model: Model,
  format?: FormatName,
): Promise<UploadSummary> {
  const { readLabels } = await import("@sluice/labels/format/formats.ts");
  const { validateLabel } = await import("@sluice/core/label/validate-label.ts");
  const progress = { sent: 0, present: 0, missing: [] as string[], invalid: [] as Problem[] };
  let count = 0;
  const { folder, remove } = await createTempFolder("import", () => {
    const { sent, present } = progress;
    return `Interrupted. ${sent + present} of ${count} files are uploaded, and no label was imported. Run it again; these files are not uploaded again.`;
  });
  const [labels, files] = [path.join(folder, "labels.jsonl"), path.join(folder, "files.jsonl")];
  try {
    const problems: Problem[] = [];
    let labelled = 0;
    const out = await Promise.all([openFile(labels, "w"), openFile(files, "w")]);
    try {
      for await (const one of readLabels(from, { classes: model.classes, format })) {
        if (isProblem(one)) {
          problems.push(one);
          continue;
        }
        const { at, ...item } = one;
        // Checked before the upload of any file, because the import would refuse the label after it.
        const invalid = isLabelled(item) ? validateLabel(model, item) : undefined;
        if (invalid) {
          problems.push(
            createProblem(invalid.code, at ?? { file: item.file ?? from.name }, `${invalid.message}.`),
          );
          continue;
        }
        await out[0].write(`${JSON.stringify(item)}\n`);
        labelled += 1;
        if (item.file === undefined) continue;
        await out[1].write(`${JSON.stringify(item.file)}\n`);
        count += 1;
      }
    } finally {
      await Promise.all(out.map((handle) => handle.close()));
    }
    if (labelled === 0) throw noLabelsFailure(from, problems);
    await uploadFiles(api, from, files, count, model.name, progress);
    const imported = await uploadLabels(api, model.name, labels, "labels.jsonl");
    const { invalid, ...counts } = progress;
    return { files: count, ...counts, problems: [...invalid, ...problems], import: imported };
  } finally {
    remove();
  }
}

function noLabelsFailure({ name }: Collection, problems: Problem[]) {
  const messages = problems
    .slice(0, 3)
    .map(({ file, line, message }) => `${file}${line ? `:${line}` : ""} ${message}`);
  return new Failure("LABELS_EMPTY", `No label in ${name} can be imported: ${messages.join(" ")}`, {
    hint: "Nothing was uploaded. To see each problem with its fix, run `npx sluice datasets validate FOLDER --model MODEL`.",
  });
}

async function uploadFiles(
  api: Client,
  from: Collection,
  list: string,
  total: number,
  model: string,
  result: Pick<UploadSummary, "sent" | "present" | "missing"> & { invalid: Problem[] },
) {
  const { checkFile } = await import("./file-check.ts");
  const bar = createProgressBar("uploading");
  let [batch, done]: [string[], number] = [[], 0];
  const send = async () => {
    const hashed = await mapConcurrently(batch, async (file) => ({
      path: file,
      ...(await hashFile(from, file)),
    }));
    batch = [];
    const files: { path: string; etag: string }[] = [];
    for (const { path: file, etag, size } of hashed) {
      const problem = etag === undefined ? undefined : checkFile(file, size);
      if (problem) result.invalid.push(problem);
      else if (etag === undefined) result.missing.push(file);
      else files.push({ path: file, etag });
    }
    if (files.length === 0) return;
    const form = await readBody(api.datasets.files.$post({ json: { model, files: files } }));
    await mapConcurrently(form.files, async ({ path: file, key, present }) => {
      if (present) result.present += 1;
      else {
        const bytes = await from.read(file);
        if (!bytes) return void result.missing.push(file);
        const problem = checkFile(file, bytes.byteLength, form.maxBytes);
        if (problem) return void result.invalid.push(problem);
        const type = guessContentType(file) ?? "application/octet-stream";
        // Fields come first, because S3 reads them before the file.
        const fields = { key, "Content-Type": type, ...form.fields };
        const blob = new Blob([new Uint8Array(bytes)], { type });
        await postForm({ url: form.url, fields }, blob, `Files may have up to ${form.maxBytes} bytes.`);
        result.sent += 1;
      }
      bar.update(++done, total);
    });
  };
  try {
    for await (const { text } of readLines(createReadStream(list) as AsyncIterable<Uint8Array>)) {
      batch.push(JSON.parse(text) as string);
      if (batch.length === BATCH_SIZE) await send();
    }
    if (batch.length > 0) await send();
  } finally {
    bar.clear();
  }
}

/** Uploads a label file and waits for its import, which the upload starts. */
export async function uploadLabels(
  api: Client,
  model: string,
  file: string,
  filename = path.basename(file),
): Promise<Import> {
  const bytes = await openAsBlob(file);
  if (bytes.size === 0)
    throw new Failure("LABELS_EMPTY", `${filename} contains no labels.`, {
      hint: "Add labels to the file, or pass another file.",
    });
  const release = onInterrupt(
    () => `Interrupted during the upload of ${filename}. No label was imported. Run it again.`,
  );
  try {
    const form = await readBody(api.labels[":model"].files.$post({ param: { model }, json: { filename } }));
    await postForm(form, bytes, `Label files may have up to ${form.maxBytes} bytes.`);
    return await waitForImport(api, model, form.key);
  } finally {
    release();
  }
}

export function waitForImport(api: Client, model: string, source: string): Promise<Import> {
  const read = async () => {
    const query = { source, limit: "1" };
    const { items } = await readBody(api.labels[":model"].imports.$get({ param: { model }, query }));
    const [found] = items as Import[];
    if (found?.status !== "failed") return found?.status === "done" ? found : undefined;
    const { code = "IMPORT_FAILED", message = "The import failed.", hint } = found.error ?? {};
    throw new Failure(code, message, { hint });
  };
  return poll(
    read,
    POLL_MS,
    () =>
      `${source} is uploaded, and its import continues. Check its status: npx sluice labels imports ${model}`,
  );
}

async function mapConcurrently<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const { mapConcurrently } = await import("@sluice/core/util/map-concurrently.ts");
  return mapConcurrently(CONCURRENCY, items, work);
}

/** Without an ETag if the file does not exist. The ETag of S3 is the MD5 of the content. */
async function hashFile(from: Collection, file: string): Promise<{ etag?: string; size: number }> {
  const bytes = await from.stream(file);
  if (!bytes) return { size: 0 };
  const hash = createHash("md5");
  let size = 0;
  for await (const part of bytes) {
    hash.update(part);
    size += part.byteLength;
  }
  return { etag: hash.digest("hex"), size };
}
