// The labels of a model as dataset items, with the metadata of their files.
import { problems } from "@sluice/labels/format/problem.ts";
import { wordingHash } from "@sluice/labels/inspect/text-statistics.ts";
import { buckets } from "../../aws/link.ts";
import { isProductionSource } from "../../label/production.ts";
import type { FileMetadata } from "../file-metadata.entity.ts";
import { type LabelWithMetadata, labelsWithMetadata } from "./file-metadata.ts";
import type { UnsplitItem } from "./item-collector.ts";
import { objectEtags, shortEtag } from "./object-etags.ts";

/** A file without current metadata must be inspected first. */
export type LabeledFile =
  | { type: "item"; item: UnsplitItem }
  | { type: "inspect"; key: string; labelChangedAt: string };

/** `productionSince`: leaves out labels from reviews and ground truth that changed before. */
export async function* readLabeledFiles(model: string, productionSince = ""): AsyncGenerator<LabeledFile> {
  const etags = objectEtags(buckets.uploads());
  for await (const entry of labelsWithMetadata(model)) {
    const { key, text, source, changedAt } = entry.label;
    if (isProductionSource(source) && changedAt < productionSince) continue;
    if (text !== undefined && key.startsWith("text/"))
      yield { type: "item", item: { ...itemOf(entry), text, hash: wordingHash(text).slice(0, 32) } };
    else yield fileItem(entry, await etags.etagOf(key));
  }
}

function fileItem(entry: LabelWithMetadata, etag: string | undefined): LabeledFile {
  const { label, metadata } = entry;
  const { key } = label;
  if (etag === undefined) {
    const { fix } = problems.FILE_MISSING;
    const problem = { code: "FILE_MISSING", message: `${key} does not exist.`, fix };
    return { type: "item", item: { ...itemOf(entry), problem } };
  }
  if (metadata === undefined || shortEtag(metadata.etag) !== etag)
    return { type: "inspect", key, labelChangedAt: label.changedAt };
  const { size: bytes, hash, looks, takenAt, problem } = metadata;
  const file = { etag: metadata.etag, bytes, hash, looks, takenAt, stated: label.image, problem };
  return { type: "item", item: { ...itemOf(entry), ...file } };
}

const itemOf = ({ label: { key, label, boxes, image, source }, metadata }: LabelWithMetadata) => ({
  file: key,
  ...(isProductionSource(source) && { reviewed: true }),
  label,
  boxes,
  ...(imageSize(metadata) ?? { width: image?.width, height: image?.height }),
});

function imageSize(metadata: FileMetadata | undefined) {
  const { width, height } = metadata ?? {};
  return width === undefined || height === undefined ? undefined : { width, height };
}
