import path from "node:path";
import { Command } from "commander";
import { createClient } from "../target/client.ts";
import { withCommonOptions, type CommonOptions, connectTarget } from "../target/options.ts";
import { checkBuckets, checkCredentials, checkLocalCloud } from "./cloud.ts";
import { type AwsContext, type Check, runChecks, type Finding, type CheckContext } from "./check.ts";
import { checkSamples, parseSampleFile } from "./sample.ts";
import { checkFunctions } from "./functions.ts";
import { checkRecentErrors } from "./logs.ts";
import { checkLock, checkNode, checkTorch } from "./machine.ts";
import { checkStage } from "./stage.ts";
import { checkPermissions } from "./permissions.ts";
import {
  checkBootstrap,
  checkDeployPermissions,
  checkDocker,
  checkRegion,
  checkSst,
} from "./prerequisites.ts";
import { checkQuotas } from "./quotas.ts";
import { checkApi, checkEndpoints, checkQueues, checkToken } from "./service.ts";
import { toFailure, EXIT } from "../terminal/failure.ts";
import { paint, sanitize, printJson, print } from "../terminal/output.ts";
import { sdkConfig } from "../target/sdk.ts";
import { stateDir, root } from "../target/target.ts";

const CHECKS: Check[] = [
  { name: "credentials", aws: true, run: checkCredentials },
  { name: "stage", aws: true, run: checkStage },
  { name: "cloud", run: checkLocalCloud },
  { name: "api", run: checkApi },
  { name: "token", run: checkToken },
  { name: "buckets", aws: true, run: checkBuckets },
  { name: "functions", aws: true, run: checkFunctions },
  { name: "permissions", aws: true, run: checkPermissions },
  { name: "quotas", aws: true, run: checkQuotas },
  { name: "endpoints", run: checkEndpoints },
  { name: "queues", run: checkQueues },
  { name: "errors", aws: true, run: checkRecentErrors },
];
const PREREQUISITES: Check<AwsContext>[] = [
  { name: "sst", run: checkSst },
  { name: "docker", run: () => checkDocker() },
  { name: "region", run: checkRegion },
  { name: "credentials", run: checkCredentials },
  { name: "bootstrap", run: checkBootstrap },
  { name: "permissions", run: checkDeployPermissions },
  { name: "quotas", run: checkQuotas },
];

interface DoctorOptions extends CommonOptions {
  deep?: boolean;
  file: Map<string, string>;
  beforeDeploy?: boolean;
}

const MARKS = { ok: paint("green", "✓"), warn: paint("yellow", "!"), fail: paint("red", "✗") };

export const doctor = withCommonOptions(
  new Command("doctor")
    .description("Check everything that Sluice needs, and print how to fix what is wrong")
    .option("--deep", "also upload a file for each declared model and wait for its prediction")
    .option(
      "--file <model=path>",
      "with --deep: the file for a model (default: a sample, or the known input of its version)",
      parseSampleFile,
      new Map(),
    )
    .option("--before-deploy", "check what a first deploy to AWS needs, before anything is deployed"),
  [
    "npx sluice doctor",
    "npx sluice doctor --deep --file receipts=taxi.txt",
    "npx sluice doctor --before-deploy",
    "npx sluice doctor --json | jq '.findings[] | select(.status != \"ok\")'",
  ],
).action(async (options: DoctorOptions) => {
  const findings: Finding[] = [];
  for await (const finding of diagnose(options)) {
    findings.push(finding);
    if (options.json) continue;
    print(`${MARKS[finding.status]} ${finding.check.padEnd(11)}  ${sanitize(finding.message)}`);
    if (finding.fix) print(paint("dim", `  ${" ".repeat(11)}  ${sanitize(finding.fix)}`));
  }
  const count = (status: Finding["status"]) => findings.filter((finding) => finding.status === status).length;
  const [failed, warned] = [count("fail"), count("warn")];
  if (options.json) printJson({ healthy: failed === 0, findings });
  else print(`\n${count("ok")} ok, ${warned} warnings, ${failed} failed.`);
  if (failed > 0) process.exitCode = EXIT.failed;
});

async function* diagnose({ deep, file, beforeDeploy, ...options }: DoctorOptions): AsyncGenerator<Finding> {
  for (const result of checkNode()) yield { check: "node", ...result };
  for (const result of await checkLock()) yield { check: "lock", ...result };
  // The SDK's own defaults: environment, profile and region.
  if (beforeDeploy) return yield* runChecks(PREREQUISITES, { sdk: {}, where: "aws" });
  for (const result of checkTorch()) yield { check: "torch", ...result };
  let context: CheckContext;
  try {
    const { target } = connectTarget(options);
    const dir = path.resolve(root, stateDir(options));
    context = { target, where: target.where, api: createClient(target), sdk: sdkConfig(target), dir };
  } catch (error) {
    const { message, hint } = toFailure(error);
    return yield { check: "target", status: "fail", message, fix: hint };
  }
  const deepCheck: Check = { name: "sample", run: (given) => checkSamples(given, file) };
  yield* runChecks(deep ? [...CHECKS, deepCheck] : CHECKS, context);
}
