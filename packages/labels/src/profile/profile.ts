// Profiles a dataset: counts, distributions and outliers.
import type { Collection } from "../format/collection.ts";
import { isLabelled, type Sample, type Split } from "../format/sample.ts";
import {
  type DatasetContents,
  readContents,
  type InspectOptions,
  inspectFiles,
} from "../inspect/dataset-contents.ts";
import type { FileInspection } from "../inspect/inspect-file.ts";
import { fingerprints } from "../inspect/fingerprints.ts";
import { type Groups, groupMembers } from "../inspect/union-find.ts";
import { boxProfile } from "./boxes.ts";
import { distributionCollector } from "./distribution.ts";
import { type FileValue, findOutliers } from "./outliers.ts";
import type { Profile } from "./schema.ts";

/** Names listed for each finding. */
const MAX_LISTED = 20;

export async function profileDataset(collection: Collection, options: InspectOptions): Promise<Profile> {
  const { format, task, items, unlisted } = await readContents(collection, options);
  const files = fileCounts();
  const [images, texts, boxes] = [imageMeasures(), textMeasures(), boxProfile()];
  const prints = fingerprints();
  const names: string[] = [];

  for await (const { item, inspection } of inspectFiles(collection, items, options)) {
    const name = item.file ?? item.text!.slice(0, 60);
    files.add(name, inspection);
    if (inspection.kind === "image") images.add(name, inspection);
    if (inspection.kind === "text") texts.add(inspection);
    if (item.boxes) boxes.add(name, item.boxes, inspection.kind === "image" ? inspection : item.image);
    if (inspection.kind !== "image" && inspection.kind !== "text") continue;
    prints.add({ ...inspection, file: item.file });
    names.push(name);
  }
  const labelled = items.filter(isLabelled);
  return {
    name: collection.name,
    format,
    task,
    labels: { items: items.length, labelled: labelled.length, unlisted: unlisted.length },
    classes: classCounts(labelled, options.model?.classes),
    splits: splitCounts(labelled),
    files: files.done(),
    images: images.done(),
    texts: texts.done(),
    boxes: labelled.some((item) => item.boxes) ? boxes.done() : undefined,
    duplicates: {
      exact: summarizeGroups(prints.exact(), names),
      near: summarizeGroups(prints.near(), names),
    },
  };
}

function classCounts(items: DatasetContents["items"], declared: readonly string[] = []): Profile["classes"] {
  const counts = new Map<string, number>(declared.map((name) => [name, 0]));
  const add = (name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);
  for (const { label, boxes } of items) {
    if (label !== undefined) add(label);
    else for (const name of new Set(boxes!.map((box) => box.class))) add(name);
  }
  return [...counts]
    .map(([name, count]) => ({ class: name, count, share: items.length === 0 ? 0 : count / items.length }))
    .toSorted((a, b) => b.count - a.count || (a.class < b.class ? -1 : 1));
}

function splitCounts(items: readonly Sample[]): Profile["splits"] {
  const counts = new Map<Split | undefined, number>();
  for (const { split } of items) counts.set(split, (counts.get(split) ?? 0) + 1);
  return [...counts].map(([split, count]) => ({ ...(split && { split }), count }));
}

function fileCounts() {
  const bytes = distributionCollector();
  const types = new Map<string, { count: number; bytes: number }>();
  const missing = { count: 0, shown: [] as string[] };
  const unreadable = { count: 0, shown: [] as Array<{ file: string; reason: string }> };
  let [inspected, totalBytes] = [0, 0];
  return {
    add(file: string, one: FileInspection) {
      inspected += 1;
      if (one.kind === "missing") {
        missing.count += 1;
        if (missing.shown.length < MAX_LISTED) missing.shown.push(file);
        return;
      }
      bytes.add(one.bytes);
      totalBytes += one.bytes;
      if (one.kind === "unreadable") {
        unreadable.count += 1;
        if (unreadable.shown.length < MAX_LISTED) unreadable.shown.push({ file, reason: one.reason });
        return;
      }
      const type = one.kind === "image" ? one.type : "text/plain";
      const before = types.get(type) ?? { count: 0, bytes: 0 };
      types.set(type, { count: before.count + 1, bytes: before.bytes + one.bytes });
    },
    done: (): Profile["files"] => ({
      inspected,
      bytes: bytes.distribution(),
      totalBytes,
      types: [...types].map(([type, one]) => ({ type, ...one })).toSorted((a, b) => b.count - a.count),
      missing,
      unreadable,
    }),
  };
}

function imageMeasures() {
  const [width, height, aspect, brightness, blur] = [
    distributionCollector(),
    distributionCollector(),
    distributionCollector(),
    distributionCollector(),
    distributionCollector(),
  ];
  const sizes = new Map<string, number>();
  const [lumas, edges]: [FileValue[], FileValue[]] = [[], []];
  return {
    add(file: string, one: Extract<FileInspection, { kind: "image" }>) {
      width.add(one.width);
      height.add(one.height);
      aspect.add(one.width / one.height);
      brightness.add(one.brightness);
      blur.add(one.blur);
      lumas.push({ file, value: one.brightness });
      edges.push({ file, value: one.blur });
      const size = `${one.width}x${one.height}`;
      sizes.set(size, (sizes.get(size) ?? 0) + 1);
    },
    done(): Profile["images"] {
      if (lumas.length === 0) return undefined;
      const { low: dark, high: bright } = findOutliers(lumas);
      // Sharpness ranges over powers of ten.
      const { low: blurred } = findOutliers(edges, (value) => Math.log10(value + 1));
      return {
        count: lumas.length,
        width: width.distribution()!,
        height: height.distribution()!,
        aspect: aspect.distribution()!,
        sizes: [...sizes]
          .map(([size, count]) => {
            const [w, h] = size.split("x").map(Number) as [number, number];
            return { width: w, height: h, count };
          })
          .toSorted((a, b) => b.count - a.count || b.width * b.height - a.width * a.height)
          .slice(0, MAX_LISTED),
        brightness: { ...brightness.distribution()!, dark, bright },
        blur: { ...blur.distribution()!, blurred },
      };
    },
  };
}

function textMeasures() {
  const [characters, words] = [distributionCollector(), distributionCollector()];
  let count = 0;
  return {
    add(one: Extract<FileInspection, { kind: "text" }>) {
      count += 1;
      characters.add(one.characters);
      words.add(one.words);
    },
    done: (): Profile["texts"] =>
      count === 0
        ? undefined
        : { count, characters: characters.distribution()!, words: words.distribution()! },
  };
}

function summarizeGroups(groups: Groups, names: readonly string[]): Profile["duplicates"]["exact"] {
  const found = { groups: 0, files: 0, shown: [] as string[][] };
  for (const group of groupMembers(groups)) {
    found.groups += 1;
    found.files += group.length;
    if (found.shown.length < MAX_LISTED)
      found.shown.push(group.slice(0, MAX_LISTED).map((number) => names[number]!));
  }
  return found;
}
