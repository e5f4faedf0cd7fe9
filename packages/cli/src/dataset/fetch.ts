import { cp, rm } from "node:fs/promises";
import path from "node:path";
import { Command } from "commander";
import { readBody } from "../target/client.ts";
import { type CommonOptions, connectTarget, withCommonOptions } from "../target/options.ts";
import { EXIT, Failure } from "../terminal/failure.ts";
import { onInterrupt } from "../terminal/interrupt.ts";
import { createProgressBar, print, printJson, sanitize } from "../terminal/output.ts";
import { checkFolderEmpty } from "./output-folder.ts";
import { findModel } from "./source.ts";
import { showMissing, writeDataset } from "./write.ts";
import { checkWriteOptions, type WriteOptions, withWriteOptions } from "./write-options.ts";

type FetchOptions = CommonOptions & WriteOptions & { force?: boolean };

export const fetchCommand = withCommonOptions(
  withWriteOptions(
    new Command("fetch")
      .description("Download a prepared dataset with its splits to a folder, in any format")
      .argument("<id>", "a dataset")
      .argument("<folder>", "a new folder")
      .option("--force", "write into a folder that is not empty; files of the same name are replaced"),
    "jsonl",
  ),
  [
    "npx sluice datasets fetch ds_1hk3v7q2mabcdefgh rooms --to yolo",
    "npx sluice datasets fetch ds_1hk3v7q2mabcdefgh cats --to folders --force",
  ],
).action(async (id: string, folder: string, { force, ...options }: FetchOptions) => {
  checkWriteOptions(options);
  if (!force)
    await checkFolderEmpty(folder, "Pass a new folder, or add --force to replace files of the same name.");
  const { api } = connectTarget(options);
  const dataset = await readBody(api.datasets[":id"].$get({ param: { id } }));
  if (dataset.status !== "ready")
    throw new Failure("DATASET_NOT_READY", `${id} is ${dataset.status}.`, {
      exit: EXIT.failed,
      hint: `Check its status: npx sluice datasets show ${id}`,
    });
  const { name: model, classes } = (await findModel({ ...options, model: dataset.model }))!;
  const { train, validation, test } = dataset.items!;
  const total = train + validation + test;
  const { downloadDataset, openDownloads } = await import("./download.ts");
  const downloads = `${path.resolve(folder)}.download`;
  const bar = createProgressBar("downloading");
  let done = 0;
  const release = onInterrupt(
    () => `Interrupted. ${done} of ${total} items are downloaded. Run the command again to continue.`,
  );
  try {
    const { samples, missing } = await downloadDataset(api, id, downloads, {
      model,
      labelsOnly: options.labelsOnly,
      onItem: () => bar.update(++done, total),
    });
    bar.clear();
    // Written beside the folder, and then moved or merged into it.
    const target = force ? `${path.resolve(folder)}.new` : folder;
    if (force) await rm(target, { recursive: true, force: true });
    const gone = new Set(missing.map((file) => file.replace(`data/${model}/`, "")));
    const written = await writeDataset(target, options, {
      items: () => samples.filter(({ file }) => file === undefined || !gone.has(file)),
      classes,
      collection: openDownloads(downloads, model),
    });
    if (force) {
      await cp(target, folder, { recursive: true, force: true });
      await rm(target, { recursive: true });
    }
    await rm(downloads, { recursive: true });
    const items = { train, validation, test };
    if (options.json)
      printJson({ dataset: id, folder, format: options.to, items, files: written.files, missing });
    else {
      print(
        `${sanitize(folder)}: ${id} as ${options.to}, ${train} training, ${validation} validation and ${test} test items, ${written.files} files`,
      );
      showMissing(missing);
    }
    if (missing.length > 0)
      throw new Failure("FILES_MISSING", `${missing.length} of ${total} items were left out.`, {
        hint: "Their files were deleted or replaced after the dataset was prepared. Prepare a new dataset.",
      });
  } finally {
    bar.clear();
    release();
  }
});
