// The options most commands share.
import { type Command, InvalidArgumentError } from "commander";
import { connect } from "./client.ts";
import { resolveTarget, type TargetOptions } from "./target.ts";

export interface CommonOptions extends TargetOptions {
  json?: boolean;
}

export function common(command: Command, examples: string[]): Command {
  return command
    .option("--json", "print one JSON document instead of text")
    .option("--api <url>", "the API to speak to (or SLUICE_API)")
    .option("--token <token>", "its bearer token (or SLUICE_TOKEN)")
    .option("--dir <folder>", 'the state folder of the local cloud (or SLUICE_DIR; ".sluice" without it)')
    .option("--no-local", "skip the local cloud, even when it runs")
    .addHelpText("after", `\nExamples:\n${examples.map((line) => `  $ ${line}`).join("\n")}`);
}

export function open(options: CommonOptions) {
  const target = resolveTarget({ ...options, local: options.local === false ? false : undefined });
  return { target, api: connect(target) };
}

export const whole = (text: string) => {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError("It must be a whole number above 0.");
};
