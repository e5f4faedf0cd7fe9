// Options and parsers that most commands share.
import { type Command, InvalidArgumentError } from "commander";
import { createClient } from "./client.ts";
import { resolveTarget, type TargetOptions } from "./target.ts";

export interface CommonOptions extends TargetOptions {
  json?: boolean;
}

export const DIR_HELP = 'state folder of the local cloud (env: SLUICE_DIR; default: ".sluice")';

export function withCommonOptions(command: Command, examples: string[]): Command {
  return command
    .option("--json", "print one JSON document instead of text")
    .option("--api <url>", "URL of the API (env: SLUICE_API)")
    .option("--token <token>", "bearer token for the API (env: SLUICE_TOKEN)")
    .option("--dir <folder>", DIR_HELP)
    .option("--no-local", "ignore the local cloud, even if it is running")
    .addHelpText("after", examplesText(examples));
}

export const examplesText = (examples: string[]) =>
  `\nExamples:\n${examples.map((line) => `  $ ${line}`).join("\n")}`;

export function connectTarget(options: CommonOptions) {
  const target = resolveTarget({ ...options, local: options.local === false ? false : undefined });
  return { target, api: createClient(target) };
}

export function positiveInteger(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError("It must be an integer greater than 0.");
}
