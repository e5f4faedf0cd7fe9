import { Command } from "commander";
import type { Distribution } from "@sluice/labels/profile/measure.ts";
import type { Profile } from "@sluice/labels/profile/schema.ts";
import { paint, plain, printJson, progressOf, say, table } from "../../output.ts";
import { bar, bytes, heat, spark } from "./chart.ts";
import { collectionAt, modelOf, reads, type SourceOptions } from "./source.ts";

/** Of each list of names. */
const SHOWN = 5;

export const profile = reads(
  new Command("profile")
    .description("What a dataset is made of: classes, sizes, boxes, copies, and what stands out")
    .argument("<place>", "a folder, or s3://bucket/prefix/"),
  ["sluice dataset profile photos", "sluice dataset profile s3://my-bucket/data/cats/ --model cats --json"],
).action(async (place: string, options: SourceOptions) => {
  const model = await modelOf(options);
  const collection = await collectionAt(place, options);
  const { profile: describe } = await import("@sluice/labels/profile/profile.ts");
  const progress = progressOf("looking");
  const found = await describe(collection, { model, format: options.format, onProgress: progress.at });
  progress.end();
  if (options.json) return printJson(found);
  const { labels, splits } = found;
  say(`${paint("bold", plain(found.name))}  ${found.format}, ${found.task}`);
  say(
    `${labels.items} labels, ${labels.items - labels.labelled} without a label, ${labels.unmentioned} files unmentioned`,
  );
  if (splits.some(({ split }) => split))
    say(splits.map(({ split, count }) => `${split ?? "no split"} ${count}`).join(", "));
  classes(found);
  files(found);
  measures(found);
  boxes(found);
  standingOut(found);
});

const heading = (title: string) => say(`\n${paint("bold", title)}`);

function classes({ classes: rows, boxes }: Profile) {
  heading("Classes");
  const most = Math.max(1, ...rows.map(({ count }) => count));
  const of = new Map(boxes?.classes.map((one) => [one.class, one]));
  say(
    table(rows, [
      { title: "class", value: (row) => row.class },
      { title: boxes ? "pictures" : "count", value: (row) => row.count },
      ...(boxes ? [{ title: "boxes", value: (row: (typeof rows)[0]) => of.get(row.class)?.boxes ?? 0 }] : []),
      { title: "share", value: (row) => `${(row.share * 100).toFixed(1)} %` },
      { title: "", value: (row) => bar(row.count / most) },
    ]),
  );
}

function files({ files: { types, totalBytes, looked, missing, unreadable } }: Profile) {
  heading("Files");
  say(`${looked} files, ${bytes(totalBytes)}; ${missing.count} missing, ${unreadable.count} unreadable`);
  if (types.length > 0)
    say(
      table(types, [
        { title: "type", value: (row) => row.type },
        { title: "count", value: (row) => row.count },
        { title: "bytes", value: (row) => bytes(row.bytes) },
      ]),
    );
}

function measures({ files: { bytes: size }, images, texts, boxes }: Profile) {
  const rows: Array<[string, Distribution | undefined]> = [
    ["file bytes", size],
    ["width", images?.width],
    ["height", images?.height],
    ["width / height", images?.aspect],
    ["brightness (0-255)", images?.brightness],
    ["sharpness", images?.blur],
    ["characters", texts?.characters],
    ["words", texts?.words],
    ["boxes a picture", boxes?.perImage],
    ["box area share", boxes?.areaShare],
    ["box width / height", boxes?.aspect],
  ];
  const told = rows.flatMap(([name, one]) => (one ? [{ name, ...one }] : []));
  if (told.length === 0) return;
  heading("Measures");
  say(
    table(told, [
      { title: "", value: (row) => row.name },
      { title: "least", value: (row) => short(row.min) },
      { title: "5 %", value: (row) => short(row.p5) },
      { title: "median", value: (row) => short(row.median) },
      { title: "95 %", value: (row) => short(row.p95) },
      { title: "most", value: (row) => short(row.max) },
      { title: "", value: (row) => spark(row.bins.map(({ count }) => count)) },
    ]),
  );
  if (images && images.sizes.length > 0) {
    const shown = images.sizes
      .slice(0, SHOWN)
      .map(({ width, height, count }) => `${width}x${height} (${count})`);
    say(`sizes: ${shown.join(", ")}${images.sizes.length > SHOWN ? " ..." : ""}`);
  }
}

function boxes({ boxes: found }: Profile) {
  if (!found) return;
  heading("Boxes");
  say(`${found.total} boxes in ${found.images} pictures, ${found.empty} pictures without any`);
  say(`${found.overlaps.pairs} overlapping pairs in ${found.overlaps.images} pictures`);
  say("where their centres lie:");
  for (const line of heat(found.centres)) say(`  ${line}`);
}

function standingOut({ files: { missing, unreadable }, images, duplicates: { exact, near } }: Profile) {
  const lists: Array<[string, number, string[]]> = [
    ["missing", missing.count, missing.shown],
    ["unreadable", unreadable.count, unreadable.shown.map(({ file, reason }) => `${file}: ${reason}`)],
    ["dark", images?.brightness.dark.length ?? 0, (images?.brightness.dark ?? []).map(valued)],
    ["bright", images?.brightness.bright.length ?? 0, (images?.brightness.bright ?? []).map(valued)],
    ["blurred", images?.blur.blurred.length ?? 0, (images?.blur.blurred ?? []).map(valued)],
    ["groups of equal files", exact.groups, exact.shown.map((names) => names.slice(0, SHOWN).join(" = "))],
    ["groups of like files", near.groups, near.shown.map((names) => names.slice(0, SHOWN).join(" ~ "))],
  ];
  const some = lists.filter(([, count]) => count > 0);
  if (some.length === 0) return;
  heading("Standing out");
  for (const [name, count, shown] of some) {
    say(`${paint("yellow", `${count} ${name}`)}`);
    for (const line of shown.slice(0, SHOWN)) say(`  ${plain(line)}`);
    if (count > SHOWN) say(paint("dim", `  and ${count - Math.min(SHOWN, shown.length)} more`));
  }
}

const valued = ({ file, value }: { file: string; value: number }) => `${file} (${short(value)})`;
const short = (value: number) => Number(value.toPrecision(4));
