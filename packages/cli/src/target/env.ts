import { Command } from "commander";
import { EXIT, Failure } from "../terminal/failure.ts";
import { print, printJson, printNote } from "../terminal/output.ts";
import { runningState } from "./local-state.ts";
import { DIR_HELP, examplesText } from "./options.ts";
import { stateDir, type TargetOptions } from "./target.ts";

interface EnvOptions extends Pick<TargetOptions, "dir"> {
  json?: boolean;
  profile?: string | true;
}

const DEFAULT_PROFILE = "sluice";

export const env = new Command("env")
  .description("Print the environment variables that the AWS CLI and SDKs need for the local cloud")
  .option("--profile [name]", `print a profile for ~/.aws/config instead (default: "${DEFAULT_PROFILE}")`)
  .option("--json", "print one JSON object")
  .option("--dir <folder>", DIR_HELP)
  .addHelpText(
    "after",
    examplesText([
      'eval "$(npx sluice env)" && aws s3 ls',
      "npx sluice env --profile >> ~/.aws/config && aws --profile sluice s3 ls",
    ]),
  )
  .action((options: EnvOptions) => {
    const dir = stateDir(options);
    const state = runningState(dir);
    if (!state)
      throw new Failure("CLOUD_NOT_RUNNING", `No local cloud is running with the state folder ${dir}.`, {
        exit: EXIT.unreachable,
        hint: "Start it with `npm start`, or set its state folder with --dir.",
      });
    const variables = Object.entries(state.environment).filter(([name]) => name.startsWith("AWS_"));
    if (options.json) return printJson(Object.fromEntries(variables));
    if (options.profile) return print(formatProfile(options.profile, Object.fromEntries(variables)));
    for (const [name, value] of variables) print(`export ${name}='${value}'`);
    if (process.stdout.isTTY) printNote('To set these in this shell: eval "$(npx sluice env)"');
  });

function formatProfile(name: string | true, variables: Record<string, string>): string {
  return [
    `[profile ${name === true ? DEFAULT_PROFILE : name}]`,
    `region = ${variables["AWS_REGION"]}`,
    `endpoint_url = ${variables["AWS_ENDPOINT_URL"]}`,
    `aws_access_key_id = ${variables["AWS_ACCESS_KEY_ID"]}`,
    `aws_secret_access_key = ${variables["AWS_SECRET_ACCESS_KEY"]}`,
  ].join("\n");
}
