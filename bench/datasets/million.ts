// node bench/datasets/million.ts <classes|boxes> <labels>: one preparation of synthetic labels, by seed, a tenth of them in
// groups of equal or similar files. Prints figures.
import { hash } from "node:crypto";
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import path from "node:path";
import { splitItems } from "@sluice/core/dataset/prepare/split-items.ts";
import { type UnsplitItem, itemCollector } from "@sluice/core/dataset/prepare/item-collector.ts";
import { createTempLines } from "@sluice/core/dataset/prepare/temp-lines.ts";
import { writeFiles, type OpenFile } from "@sluice/core/dataset/prepare/write-files.ts";
import type { DeclaredModel } from "@sluice/core/model/model.ts";

const LABELS = Number(process.argv[3]);
const CLASSES = Array.from({ length: 10 }, (_, at) => `class ${at}`);
const SPLIT = { train: 0.7, validation: 0.15, test: 0.15 };
/** Of ten items, the last belongs to a group of so many. */
const GROUP = 4;

const boxes = process.argv[2] === "boxes";
const model = {
  name: "synthetic",
  task: boxes ? "object-detection" : "image-classification",
  classes: CLASSES,
} as unknown as DeclaredModel;

/** Class 9 has a thousandth of all: shares must hold there too. */
const classOf = (at: number) => (at % 1_000 === 7 ? 9 : at % 9);
const groupOf = (at: number) => (at % 10 === 9 ? Math.floor(at / (10 * GROUP)) : undefined);

function item(at: number): UnsplitItem {
  const group = groupOf(at);
  const content = hash("sha256", group === undefined ? `one ${at}` : `group ${group}`, "hex");
  const label = CLASSES[group === undefined ? classOf(at) : classOf(group)]!;
  const box = (name: string, x: number) => ({ class: name, x, y: 4, width: 40, height: 30 });
  return {
    file: `data/synthetic/${label}/picture-${at}.jpg`,
    ...(boxes ? { boxes: [box(label, 8), box(CLASSES[0]!, 90)] } : { label }),
    width: 640,
    height: 480,
    etag: content.slice(32),
    // Half of the groups are equal files, half only look alike: the last bits differ.
    hash:
      group !== undefined && group % 2
        ? hash("sha256", `file ${at}`, "hex").slice(0, 32)
        : content.slice(0, 32),
    looks:
      group === undefined ? content.slice(0, 16) : `${content.slice(0, 15)}${(Math.floor(at / 10) % 2) * 2}`,
  };
}

export interface Measured {
  labels: number;
  gatherS: number;
  divideS: number;
  writeS: number;
  peakMb: number;
  groups: number;
  torn: number;
  miss: number;
}

const folder = mkdtempSync(path.join(tmpdir(), "prepare-bench-"));
const open: OpenFile = (name) => {
  const out = createWriteStream(path.join(folder, name));
  return {
    async write(text) {
      if (!out.write(text)) await once(out, "drain");
    },
    async end() {
      out.end();
      await once(out, "finish");
    },
  };
};

const options = { seed: 1, split: SPLIT, caps: {}, weights: "balanced" as const };
const lines = await createTempLines();
const began = performance.now();
const collector = itemCollector(model, options, lines);
for (let at = 0; at < LABELS; at++) await collector.add(item(at));
const collected = collector.done();
const read = performance.now();
const split = splitItems(model, collected, options);
const done = performance.now();
const at = "2026-01-01T00:00:00.000Z";
const dataset = { id: "ds_synthetic", options, createdAt: at };
await writeFiles({ model, dataset, finishedAt: at, base: "s3://uploads/" }, collected, split, lines, open);
const written = performance.now();
await lines.remove();
rmSync(folder, { recursive: true });
const peakMb = process.resourceUsage().maxRSS / 1_024;

const splitOf = new Map<number, number>();
let torn = 0;
for (let one = 0; one < LABELS; one++) {
  const group = groupOf(one);
  if (group === undefined) continue;
  const known = splitOf.get(group);
  if (known === undefined) splitOf.set(group, split.splits[one]!);
  else if (known !== split.splits[one]) torn += 1;
}
const misses = split.rows.flatMap(({ labelled, ...row }) =>
  // A picture of two classes is shared out by the rarer one; class 0 is in every picture of `boxes`.
  boxes && row.class === CLASSES[0]
    ? []
    : (["train", "validation", "test"] as const).map((name) => Math.abs(row[name] - SPLIT[name] * labelled)),
);
const seconds = (ms: number) => ms / 1_000;
const measured: Measured = {
  labels: LABELS,
  gatherS: seconds(read - began),
  divideS: seconds(done - read),
  writeS: seconds(written - done),
  peakMb,
  groups: split.groups.count,
  torn,
  miss: Math.max(...misses),
};
process.stdout.write(JSON.stringify(measured));
