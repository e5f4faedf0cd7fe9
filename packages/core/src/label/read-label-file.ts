// Reads a label file of the uploads bucket as labels of its model.
import { readLabels } from "@sluice/labels/format/formats.ts";
import { createProblem, isProblem, type Problem } from "@sluice/labels/format/problem.ts";
import { isLabelled, type Sample } from "@sluice/labels/format/sample.ts";
import { invalidInput } from "../error/error.ts";
import type { DeclaredModel } from "../model/model.ts";
import type { Arrival } from "../upload/arrival.ts";
import { openBucket } from "./bucket.ts";
import { dataPrefix } from "./files.ts";
import { PrefixRequest, prefixRequestName } from "./imports.ts";
import { LabelInput } from "./label.ts";
import { openLabelFile } from "./label-file.ts";
import { textKey } from "./shard.ts";
import { validateLabel } from "./validate-label.ts";

export async function* readLabelFile(
  model: DeclaredModel,
  { source: { bucket, key }, uploadedAt }: Arrival,
): AsyncGenerator<LabelInput | Problem> {
  const { samples, locationOf } = await openSamples(bucket, key, model);
  for await (const sample of samples)
    if (isProblem(sample)) yield { ...sample, file: locationOf(sample.file) };
    else if (isLabelled(sample)) {
      const file = locationOf(sample.at?.file ?? sample.file ?? key);
      yield toLabel(sample, { model, uploadedAt, where: { file, line: sample.at?.line } });
    }
}

interface LabelFile {
  samples: AsyncIterable<Sample | Problem>;
  /** The name that a problem states for a file. */
  locationOf(file: string): string;
}

async function openSamples(bucket: string, key: string, model: DeclaredModel): Promise<LabelFile> {
  const { classes, name } = model;
  if (!key.endsWith(prefixRequestName)) {
    const { collection, locationOf } = await openLabelFile(bucket, key, name);
    return { samples: readLabels(collection, { classes, folders: [dataPrefix(name)] }), locationOf };
  }
  const text = Buffer.from((await openBucket(bucket, "").read(key)) ?? []).toString("utf8");
  const request = PrefixRequest.safeParse(parseJson(text));
  if (!request.success) throw invalidInput(request.error, "LABELS_UNREADABLE");
  const { prefix } = request.data;
  const samples = readLabels(openBucket(bucket, prefix), { format: "folders", classes });
  return { samples: addPrefix(samples, prefix), locationOf: (file) => file };
}

async function* addPrefix(samples: AsyncIterable<Sample | Problem>, prefix: string) {
  for await (const sample of samples)
    yield isProblem(sample) || sample.file === undefined ? sample : { ...sample, file: prefix + sample.file };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

interface Target {
  model: DeclaredModel;
  uploadedAt: string;
  where: { file: string; line?: number };
}

function toLabel(
  { at: _, file, ...item }: Sample,
  { model, uploadedAt, where }: Target,
): LabelInput | Problem {
  const labelledAt = Date.parse(item.labelledAt ?? "");
  const key = file === undefined ? textKey(item.text ?? "") : keyOf(file, model.name);
  const parsed = LabelInput.safeParse({
    ...item,
    key,
    labelledAt: Number.isNaN(labelledAt) ? uploadedAt : new Date(labelledAt).toISOString(),
  });
  if (!parsed.success)
    return createProblem("FIELD_INVALID", where, `${key}: ${invalidInput(parsed.error).message}`);
  const invalid = validateLabel(model, parsed.data);
  return invalid ? createProblem(invalid.code, where, `${key}: ${invalid.message}.`) : parsed.data;
}

/** A whole key in a label file stays a key, even if its file does not exist yet. */
function keyOf(file: string, model: string): string {
  const prefix = dataPrefix(model);
  const below = file.slice(prefix.length);
  return file.startsWith(prefix) && /^(data|uploads)\//.test(below) ? below : file;
}
