// Prepares a dataset in rounds. A round joins all labels with the stored metadata of their files and sends files without
// metadata to inspection. A round without such files writes the dataset. Lost or repeated messages cost at most a round.
import { buckets } from "../../aws/link.ts";
import { getModel } from "../../model/model.ts";
import { datasetFolder } from "../dataset.ts";
import type { DatasetItem } from "../dataset.entity.ts";
import { getReadyDataset, reportOf } from "../read.ts";
import { artifactFolder } from "./artifact-file.ts";
import { readLabeledFiles } from "./labeled-files.ts";
import { chunkSender } from "./chunks.ts";
import { type CollectedItems, itemCollector } from "./item-collector.ts";
import type { PrepareMessage } from "./message.ts";
import { completeDataset, findIdentical } from "./outcome.ts";
import { awaitInspection, beginRound } from "./round.ts";
import { splitItems } from "./split-items.ts";
import { createTempLines, type TempLines } from "./temp-lines.ts";
import { writeFiles } from "./write-files.ts";

export async function prepareDataset(
  message: PrepareMessage,
  receipt: { receives: number; now: number },
): Promise<void> {
  const record = await beginRound(message, receipt);
  if (!record) return;
  const lines = await createTempLines();
  try {
    const { items, sent } = await collect(record, lines);
    if (sent.files > 0) await awaitInspection(record, sent, receipt.now);
    else await complete(record, items, lines, receipt.now);
  } finally {
    await lines.remove();
  }
}

/**
 * Collects inspected files and sends the others to inspection. In later rounds, files whose labels are newer than the
 * dataset are left out: reviews may add labels faster than rounds end.
 */
async function collect({ id, model, round, options, createdAt }: DatasetItem, lines: TempLines) {
  const collector = itemCollector(getModel(model), options, lines);
  const sender = chunkSender({ dataset: id, model, round });
  for await (const file of readLabeledFiles(model, options.productionSince))
    if (file.type === "item") await collector.add(file.item);
    else if (round === 1 || file.labelChangedAt <= createdAt) await sender.add(file.key);
  return { items: collector.done(), sent: await sender.end() };
}

/** Writes the dataset, or points to the files of an identical one. */
async function complete(record: DatasetItem, items: CollectedItems, lines: TempLines, now: number) {
  const { id, model: name, createdAt, options } = record;
  const identical = await findIdentical(name, items.digest, id);
  if (identical) {
    const older = await getReadyDataset(identical.id);
    await completeDataset(record, await reportOf(older), older, now);
    return;
  }
  const model = getModel(name);
  const about = {
    model,
    dataset: { id, options, createdAt },
    finishedAt: new Date(now).toISOString(),
    base: `s3://${buckets.uploads()}/`,
  };
  const split = splitItems(model, items, options);
  const report = await writeFiles(about, items, split, lines, artifactFolder(datasetFolder(name, id)));
  await completeDataset(record, report, undefined, now);
}
