import path from "node:path";
import { Command } from "commander";
import { createClient } from "../target/client.ts";
import { withCommonOptions, type CommonOptions, connectTarget } from "../target/options.ts";
import { buckets, credentials, localCloud } from "./cloud.ts";
import { type Check, runChecks, type Finding, type CheckContext } from "./check.ts";
import { sample } from "./sample.ts";
import { functions } from "./functions.ts";
import { recentErrors } from "./logs.ts";
import { lock, node, torch } from "./machine.ts";
import { permissions } from "./permissions.ts";
import { api, endpoints, queues, token } from "./service.ts";
import { toFailure, EXIT } from "../terminal/failure.ts";
import { paint, sanitize, printJson, print } from "../terminal/output.ts";
import { sdkConfig } from "../target/sdk.ts";
import { stateDir, root } from "../target/target.ts";

const CHECKS: Check[] = [
  { name: "credentials", aws: true, run: credentials },
  { name: "cloud", run: localCloud },
  { name: "api", run: api },
  { name: "token", run: token },
  { name: "buckets", aws: true, run: buckets },
  { name: "functions", aws: true, run: functions },
  { name: "permissions", aws: true, run: permissions },
  { name: "endpoints", run: endpoints },
  { name: "queues", run: queues },
  { name: "errors", aws: true, run: recentErrors },
];
const DEEP: Check = { name: "sample", run: sample };

const MARKS = { ok: paint("green", "✓"), warn: paint("yellow", "!"), fail: paint("red", "✗") };

export const doctor = withCommonOptions(
  new Command("doctor")
    .description("Check everything that Sluice needs, and print how to fix what is wrong")
    .option("--deep", "also upload a sample to each sample model and wait for its prediction"),
  [
    "npx sluice doctor",
    "npx sluice doctor --deep",
    "npx sluice doctor --json | jq '.findings[] | select(.status != \"ok\")'",
  ],
).action(async ({ deep, ...options }: CommonOptions & { deep?: boolean }) => {
  const findings: Finding[] = [];
  for await (const finding of diagnose(deep ? [...CHECKS, DEEP] : CHECKS, options)) {
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

async function* diagnose(checks: Check[], options: CommonOptions): AsyncGenerator<Finding> {
  for (const result of node()) yield { check: "node", ...result };
  for (const result of await lock()) yield { check: "lock", ...result };
  for (const result of torch()) yield { check: "torch", ...result };
  let context: CheckContext;
  try {
    const { target } = connectTarget(options);
    const dir = path.resolve(root, stateDir(options));
    context = { target, api: createClient(target), sdk: sdkConfig(target), dir };
  } catch (error) {
    const { message, hint } = toFailure(error);
    return yield { check: "target", status: "fail", message, fix: hint };
  }
  yield* runChecks(checks, context);
}
