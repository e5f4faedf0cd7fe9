import { Command } from "commander";
import type { Distribution } from "@sluice/labels/profile/distribution.ts";
import type { Profile } from "@sluice/labels/profile/schema.ts";
import { paint, sanitize, printJson, createProgressBar, print, printTable } from "../terminal/output.ts";
import { bar, formatBytes, heatmap, sparkline } from "./chart.ts";
import { openCollection, findModel, withSourceOptions, type SourceOptions } from "./source.ts";

/** Names printed of each list. */
const MAX_NAMES = 5;

export const profile = withSourceOptions(
  new Command("profile")
    .description("Describe a dataset: classes, file sizes, boxes, duplicates and outliers")
    .argument("<source>", "a folder, or s3://bucket/prefix/"),
  [
    "npx sluice datasets profile photos",
    "npx sluice datasets profile s3://my-bucket/data/cats/ --model cats --json",
  ],
).action(async (source: string, options: SourceOptions) => {
  const model = await findModel(options);
  const collection = await openCollection(source, options);
  const { profileDataset: profileCollection } = await import("@sluice/labels/profile/profile.ts");
  const progress = createProgressBar("inspecting files");
  const found = await profileCollection(collection, {
    model,
    format: options.format,
    onProgress: progress.update,
  });
  progress.clear();
  if (options.json) return printJson(found);
  const { labels, splits } = found;
  print(`${paint("bold", sanitize(found.name))}  ${found.format}, ${found.task}`);
  print(
    `${labels.items} labels, ${labels.items - labels.labelled} without a label, ${labels.unlisted} files without any label entry`,
  );
  if (splits.some(({ split }) => split))
    print(splits.map(({ split, count }) => `${split ?? "no split"} ${count}`).join(", "));
  showClasses(found);
  showFiles(found);
  showMeasures(found);
  showBoxes(found);
  showOutliers(found);
});

const printHeading = (title: string) => print(`\n${paint("bold", title)}`);

function showClasses({ classes: rows, boxes }: Profile) {
  printHeading("Classes");
  const most = Math.max(1, ...rows.map(({ count }) => count));
  const of = new Map(boxes?.classes.map((one) => [one.class, one]));
  printTable(rows, [
    { title: "class", value: (row) => row.class },
    { title: boxes ? "images" : "count", value: (row) => row.count },
    ...(boxes ? [{ title: "boxes", value: (row: (typeof rows)[0]) => of.get(row.class)?.boxes ?? 0 }] : []),
    { title: "share", value: (row) => `${(row.share * 100).toFixed(1)} %` },
    { title: "", value: (row) => bar(row.count / most) },
  ]);
}

function showFiles({ files: { types, totalBytes, inspected, missing, unreadable } }: Profile) {
  printHeading("Files");
  print(
    `${inspected} files, ${formatBytes(totalBytes)}; ${missing.count} missing, ${unreadable.count} unreadable`,
  );
  if (types.length > 0)
    printTable(types, [
      { title: "type", value: (row) => row.type },
      { title: "count", value: (row) => row.count },
      { title: "bytes", value: (row) => formatBytes(row.bytes) },
    ]);
}

function showMeasures({ files: { bytes: size }, images, texts, boxes }: Profile) {
  const rows: Array<[string, Distribution | undefined]> = [
    ["file bytes", size],
    ["width", images?.width],
    ["height", images?.height],
    ["width / height", images?.aspect],
    ["brightness (0-255)", images?.brightness],
    ["sharpness", images?.blur],
    ["characters", texts?.characters],
    ["words", texts?.words],
    ["boxes per image", boxes?.perImage],
    ["box area share", boxes?.areaShare],
    ["box width / height", boxes?.aspect],
  ];
  const measured = rows.flatMap(([name, one]) => (one ? [{ name, ...one }] : []));
  if (measured.length === 0) return;
  printHeading("Measures");
  printTable(measured, [
    { title: "", value: (row) => row.name },
    { title: "min", value: (row) => round(row.min) },
    { title: "5 %", value: (row) => round(row.p5) },
    { title: "median", value: (row) => round(row.median) },
    { title: "95 %", value: (row) => round(row.p95) },
    { title: "max", value: (row) => round(row.max) },
    { title: "", value: (row) => sparkline(row.bins.map(({ count }) => count)) },
  ]);
  if (images && images.sizes.length > 0) {
    const shown = images.sizes
      .slice(0, MAX_NAMES)
      .map(({ width, height, count }) => `${width}x${height} (${count})`);
    print(`sizes: ${shown.join(", ")}${images.sizes.length > MAX_NAMES ? " ..." : ""}`);
  }
}

function showBoxes({ boxes: found }: Profile) {
  if (!found) return;
  printHeading("Boxes");
  print(`${found.total} boxes in ${found.images} images, ${found.empty} images without boxes`);
  print(`${found.overlaps.pairs} overlapping pairs in ${found.overlaps.images} images`);
  print("distribution of box centers:");
  for (const line of heatmap(found.centres)) print(`  ${line}`);
}

function showOutliers({ files: { missing, unreadable }, images, duplicates: { exact, near } }: Profile) {
  const lists: Array<[string, number, string[]]> = [
    ["missing", missing.count, missing.shown],
    ["unreadable", unreadable.count, unreadable.shown.map(({ file, reason }) => `${file}: ${reason}`)],
    ["dark", images?.brightness.dark.length ?? 0, (images?.brightness.dark ?? []).map(withValue)],
    ["bright", images?.brightness.bright.length ?? 0, (images?.brightness.bright ?? []).map(withValue)],
    ["blurred", images?.blur.blurred.length ?? 0, (images?.blur.blurred ?? []).map(withValue)],
    [
      "groups of duplicate files",
      exact.groups,
      exact.shown.map((names) => names.slice(0, MAX_NAMES).join(" = ")),
    ],
    [
      "groups of similar files",
      near.groups,
      near.shown.map((names) => names.slice(0, MAX_NAMES).join(" ~ ")),
    ],
  ];
  const found = lists.filter(([, count]) => count > 0);
  if (found.length === 0) return;
  printHeading("Outliers");
  for (const [name, count, shown] of found) {
    print(`${paint("yellow", `${count} ${name}`)}`);
    for (const line of shown.slice(0, MAX_NAMES)) print(`  ${sanitize(line)}`);
    if (count > MAX_NAMES) print(paint("dim", `  and ${count - Math.min(MAX_NAMES, shown.length)} more`));
  }
}

const withValue = ({ file, value }: { file: string; value: number }) => `${file} (${round(value)})`;
const round = (value: number) => Number(value.toPrecision(4));
