import { Command } from "commander";
import { EXIT, Failure } from "../failure.ts";
import { note, printJson, say } from "../output.ts";
import { runningState } from "../local-state.ts";
import { dirOf, type TargetOptions } from "../target.ts";

interface EnvOptions extends Pick<TargetOptions, "dir"> {
  json?: boolean;
  profile?: string | true;
}

const DEFAULT_PROFILE = "sluice";

export const env = new Command("env")
  .description("Print what the aws CLI and AWS SDKs need to use the local cloud")
  .option("--profile [name]", `as a profile for ~/.aws/config ("${DEFAULT_PROFILE}" without a name)`)
  .option("--json", "as one JSON object")
  .option("--dir <folder>", 'the state folder of the local cloud (or SLUICE_DIR; ".sluice" without it)')
  .addHelpText(
    "after",
    '\nExamples:\n  $ eval "$(npx sluice env)" && aws s3 ls\n  $ npx sluice env --profile >> ~/.aws/config && aws --profile sluice s3 ls',
  )
  .action((options: EnvOptions) => {
    const dir = dirOf(options);
    const state = runningState(dir);
    if (!state)
      throw new Failure("CLOUD_NOT_RUNNING", `No local cloud runs from ${dir}.`, {
        exit: EXIT.unreachable,
        hint: "Start it with `npm start`, or name its state folder with --dir.",
      });
    const variables = Object.entries(state.environment).filter(([name]) => name.startsWith("AWS_"));
    if (options.json) return printJson(Object.fromEntries(variables));
    if (options.profile) return say(profileOf(options.profile, Object.fromEntries(variables)));
    for (const [name, value] of variables) say(`export ${name}='${value}'`);
    if (process.stdout.isTTY) note('To set these in this shell: eval "$(npx sluice env)"');
  });

function profileOf(name: string | true, variables: Record<string, string>): string {
  return [
    `[profile ${name === true ? DEFAULT_PROFILE : name}]`,
    `region = ${variables["AWS_REGION"]}`,
    `endpoint_url = ${variables["AWS_ENDPOINT_URL"]}`,
    `aws_access_key_id = ${variables["AWS_ACCESS_KEY_ID"]}`,
    `aws_secret_access_key = ${variables["AWS_SECRET_ACCESS_KEY"]}`,
  ].join("\n");
}
