// Optional clients: the aws command and boto3. Tests of missing ones are skipped with a reason.
import { execFile, execFileSync } from "node:child_process";
import { promisify } from "node:util";
import { endpointOf } from "../clients.ts";

const run = promisify(execFile);

function has(command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const isVersion1 = () => execFileSync("aws", ["--version"], { encoding: "utf8" }).startsWith("aws-cli/1.");

export const noAws = has("aws", "--version") ? undefined : "the aws command is not on this machine";
export const noLogsTail =
  noAws ?? (isVersion1() ? "version 1 of the aws command has no `logs tail`" : undefined);
export const noBoto3 = has("python3", "-c", "import boto3") ? undefined : "boto3 is not on this machine";

for (const absence of new Set([noAws, noLogsTail, noBoto3]))
  if (absence) process.stdout.write(`skipped: ${absence}\n`);

/** Runs `aws ...` against a cloud and returns its output. */
export async function aws(environment: Record<string, string>, ...args: string[]): Promise<string> {
  const env = { ...process.env, ...environment, AWS_PAGER: "", AWS_EC2_METADATA_DISABLED: "true" };
  const { stdout } = await run("aws", [...args, ...endpointOf(environment)], {
    env,
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}

/** Runs Python with boto3 imported, and returns the JSON that it prints. */
export async function boto3(environment: Record<string, string>, script: string): Promise<any> {
  const env = { ...process.env, ...environment, AWS_EC2_METADATA_DISABLED: "true" };
  const { stdout } = await run("python3", ["-c", `import boto3, json, time\n${script}`], { env });
  return JSON.parse(stdout);
}
