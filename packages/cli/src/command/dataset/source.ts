// Where a command reads a dataset from: a folder here, or a prefix of a bucket of the cloud the CLI speaks to. What
// reads it is loaded only then: every other command starts without it.
import { stat } from "node:fs/promises";
import type { Collection } from "@sluice/labels/format/collection.ts";
import { type FormatName, READABLE } from "@sluice/labels/format/format.ts";
import type { Model } from "@sluice/models/index.ts";
import { type Command, Option } from "commander";
import { common, type CommonOptions, open } from "../../common.ts";
import { EXIT, Failure } from "../../failure.ts";

export interface SourceOptions extends CommonOptions {
  model?: string;
  format?: FormatName;
}

/** The options of every command that reads a dataset as it lies there. */
export function reads(command: Command, examples: string[]): Command {
  command
    .option("-m, --model <model>", "the declared model it is for: its classes, task and limits then hold")
    .addOption(new Option("--format <format>", "the label format; recognised without it").choices(READABLE));
  return common(command, examples);
}

export async function collectionAt(place: string, options: CommonOptions): Promise<Collection> {
  const [, name, prefix = ""] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(place) ?? [];
  if (name !== undefined) {
    reachS3(options);
    const { bucket } = await import("@sluice/core/label/bucket.ts");
    return bucket(name, prefix === "" || prefix.endsWith("/") ? prefix : `${prefix}/`);
  }
  if ((await stat(place).catch(() => undefined))?.isDirectory()) {
    const { folder } = await import("@sluice/labels/format/folder.ts");
    return folder(place);
  }
  throw new Failure("FOLDER_MISSING", `${place} is not a folder.`, {
    exit: EXIT.missing,
    hint: "Name a folder, or a prefix of a bucket: s3://bucket/prefix/.",
  });
}

export async function modelOf({ model }: SourceOptions): Promise<Model | undefined> {
  if (model === undefined) return undefined;
  const { byName, models } = await import("@sluice/models/index.ts");
  const found = byName(model);
  if (found) return found;
  throw new Failure("MODEL_UNKNOWN", `No model is named "${model}".`, {
    exit: EXIT.missing,
    hint: `Use one of: ${models.map(({ name }) => name).join(", ")}.`,
  });
}

/** The SDK reads its environment. Where no Sluice runs and none is deployed, buckets are the account's own. */
function reachS3(options: CommonOptions) {
  try {
    Object.assign(process.env, open(options).target.environment);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== "TARGET_MISSING") throw error;
  }
}
