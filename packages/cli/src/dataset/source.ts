// Opens the dataset that a command reads: a local folder, or a bucket prefix of the target. Readers are imported on
// demand, so that other commands start faster.
import { stat } from "node:fs/promises";
import type { Collection } from "@sluice/labels/format/collection.ts";
import { type FormatName, READABLE } from "@sluice/labels/format/format.ts";
import type { Model } from "@sluice/models/index.ts";
import { type Command, Option } from "commander";
import { withCommonOptions, type CommonOptions } from "../target/options.ts";
import { setS3Environment } from "../target/s3-object.ts";
import { EXIT, Failure } from "../terminal/failure.ts";

export interface SourceOptions extends CommonOptions {
  model?: string;
  format?: FormatName;
}

export function withSourceOptions(command: Command, examples: string[]): Command {
  command
    .option("-m, --model <model>", "declared model, whose classes, task and limits apply")
    .addOption(new Option("--format <format>", "label format (default: detected)").choices(READABLE));
  return withCommonOptions(command, examples);
}

export async function openCollection(source: string, options: CommonOptions): Promise<Collection> {
  const [, name, prefix = ""] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(source) ?? [];
  if (name !== undefined) {
    setS3Environment(options);
    const { openBucket } = await import("@sluice/core/label/bucket.ts");
    return openBucket(name, prefix === "" || prefix.endsWith("/") ? prefix : `${prefix}/`);
  }
  if ((await stat(source).catch(() => undefined))?.isDirectory()) {
    const { openFolder } = await import("@sluice/labels/format/folder.ts");
    return openFolder(source);
  }
  throw new Failure("FOLDER_MISSING", `${source} is not a folder.`, {
    exit: EXIT.missing,
    hint: "Pass a folder or a bucket prefix: s3://bucket/prefix/.",
  });
}

export async function findModel({ model }: SourceOptions): Promise<Model | undefined> {
  if (model === undefined) return undefined;
  const { loadModels } = await import("@sluice/models/load.ts");
  const models = await loadModels();
  const found = models.find(({ name }) => name === model);
  if (found) return found;
  throw new Failure("MODEL_UNKNOWN", `There is no model "${model}".`, {
    exit: EXIT.missing,
    hint: `Use one of: ${models.map(({ name }) => name).join(", ")}.`,
  });
}
