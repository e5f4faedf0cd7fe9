// Files and their labels from here into a model's data: what is there already is not sent again.
import { createHash } from "node:crypto";
import { createReadStream, openAsBlob } from "node:fs";
import { open as openFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Collection } from "@sluice/labels/format/collection.ts";
import type { FormatName } from "@sluice/labels/format/format.ts";
import { lines } from "@sluice/labels/format/lines.ts";
import { isProblem, type Problem } from "@sluice/labels/format/problem.ts";
import type { Import } from "@sluice/core/label/import.ts";
import { body, type Client } from "../client.ts";
import { knownTypeOf } from "../content-type.ts";
import { Failure } from "../failure.ts";
import { post } from "../form.ts";
import { onInterrupt } from "../interrupt.ts";
import { progressOf } from "../output.ts";
import { scratch } from "../scratch.ts";

/** Files asked for at once, and sent at once. */
const BATCH = 500;
const LANES = 16;
const POLL_MS = 300;

export interface Brought {
  files: number;
  sent: number;
  present: number;
  /** Of the files and labels here; such a file was not sent, and its label was. */
  problems: Problem[];
  missing: string[];
  import: Import;
}

interface What {
  model: string;
  classes: readonly string[];
  format?: FormatName;
}

export async function bringCollection(api: Client, from: Collection, what: What): Promise<Brought> {
  const { readLabels } = await import("@sluice/labels/format/formats.ts");
  const sending = { sent: 0, present: 0, missing: [] as string[], refused: [] as Problem[] };
  let count = 0;
  const { folder, done } = await scratch("import", () => {
    const { sent, present } = sending;
    return `Broken off: ${sent + present} of ${count} files are there, and none is labelled by this. Run it again: what has been sent is not sent again.`;
  });
  const [labels, files] = [path.join(folder, "labels.jsonl"), path.join(folder, "files.jsonl")];
  try {
    const problems: Problem[] = [];
    let labelled = 0;
    const out = await Promise.all([openFile(labels, "w"), openFile(files, "w")]);
    try {
      for await (const one of readLabels(from, what)) {
        if (isProblem(one)) {
          problems.push(one);
          continue;
        }
        const { at: _, ...item } = one;
        await out[0].write(`${JSON.stringify(item)}\n`);
        labelled += 1;
        if (item.file === undefined) continue;
        await out[1].write(`${JSON.stringify(item.file)}\n`);
        count += 1;
      }
    } finally {
      await Promise.all(out.map((handle) => handle.close()));
    }
    if (labelled === 0) throw nothingIn(from, problems);
    await sendFiles(api, from, files, count, what.model, sending);
    const imported = await bringLabels(api, what.model, labels, "labels.jsonl");
    const { refused, ...sums } = sending;
    return { files: count, ...sums, problems: [...refused, ...problems], import: imported };
  } finally {
    done();
  }
}

function nothingIn({ name }: Collection, problems: Problem[]) {
  const told = problems
    .slice(0, 3)
    .map(({ file, line, message }) => `${file}${line ? `:${line}` : ""} ${message}`);
  return new Failure("LABELS_EMPTY", `No label in ${name} can be read: ${told.join(" ")}`, {
    hint: "`sluice dataset validate` names each problem with its fix.",
  });
}

async function sendFiles(
  api: Client,
  from: Collection,
  list: string,
  total: number,
  model: string,
  result: Pick<Brought, "sent" | "present" | "missing"> & { refused: Problem[] },
) {
  const { refusalOf } = await import("./refusal.ts");
  const bar = progressOf("uploading");
  let [batch, done]: [string[], number] = [[], 0];
  const send = async () => {
    const named = await each(batch, async (file) => ({ path: file, ...(await md5(from, file)) }));
    batch = [];
    const there: { path: string; etag: string }[] = [];
    for (const { path: file, etag, size } of named) {
      const refused = etag === undefined ? undefined : refusalOf(file, size);
      if (refused) result.refused.push(refused);
      else if (etag === undefined) result.missing.push(file);
      else there.push({ path: file, etag });
    }
    if (there.length === 0) return;
    const form = await body(api.datasets.files.$post({ json: { model, files: there } }));
    await each(form.files, async ({ path: file, key, present }) => {
      if (present) result.present += 1;
      else {
        const bytes = await from.read(file);
        if (!bytes) return void result.missing.push(file);
        const tooLarge = refusalOf(file, bytes.byteLength, form.maxBytes);
        if (tooLarge) return void result.refused.push(tooLarge);
        const type = knownTypeOf(file) ?? "application/octet-stream";
        // In the form's own order: S3 reads what is said of the file before the file.
        const fields = { key, "Content-Type": type, ...form.fields };
        const blob = new Blob([new Uint8Array(bytes)], { type });
        await post({ url: form.url, fields }, blob, `Files may have up to ${form.maxBytes} bytes.`);
        result.sent += 1;
      }
      bar.at(++done, total);
    });
  };
  try {
    for await (const { text } of lines(createReadStream(list) as AsyncIterable<Uint8Array>)) {
      batch.push(JSON.parse(text) as string);
      if (batch.length === BATCH) await send();
    }
    if (batch.length > 0) await send();
  } finally {
    bar.end();
  }
}

/** A label file as it is; its arrival in the bucket starts the import, which is waited for. */
export async function bringLabels(
  api: Client,
  model: string,
  file: string,
  filename = path.basename(file),
): Promise<Import> {
  const bytes = await openAsBlob(file);
  if (bytes.size === 0)
    throw new Failure("LABELS_EMPTY", `${filename} holds no labels.`, {
      hint: "Put labels into the file, or name another.",
    });
  const over = onInterrupt(
    () => `Broken off while ${filename} was being sent: no label was imported. Run it again.`,
  );
  try {
    const form = await body(api.labels[":model"].files.$post({ param: { model }, json: { filename } }));
    await post(form, bytes, `Label files may have up to ${form.maxBytes} bytes.`);
    return await imported(api, model, form.key);
  } finally {
    over();
  }
}

export async function imported(api: Client, model: string, source: string): Promise<Import> {
  const over = onInterrupt(
    () => `${source} is there, and its import goes on. What became of it: npx sluice labels imports ${model}`,
  );
  try {
    for (;;) {
      const query = { source, limit: "1" };
      const { items } = await body(api.labels[":model"].imports.$get({ param: { model }, query }));
      const [found] = items as Import[];
      if (found?.status === "done") return found;
      if (found?.status === "failed")
        throw new Failure(
          found.error?.code ?? "IMPORT_FAILED",
          found.error?.message ?? "The import failed.",
          { hint: found.error?.hint },
        );
      await wait(POLL_MS);
    }
  } finally {
    over();
  }
}

async function each<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const { atMost } = await import("@sluice/core/util/at-most.ts");
  return atMost(LANES, items, work);
}

async function md5(from: Collection, file: string): Promise<{ etag?: string; size: number }> {
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
