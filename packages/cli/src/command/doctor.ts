import path from "node:path";
import { Command } from "commander";
import { connect } from "../client.ts";
import { common, type CommonOptions, open } from "../common.ts";
import { buckets, credentials, embedded } from "../doctor/cloud.ts";
import { type Check, examine, type Finding, type Patient } from "../doctor/check.ts";
import { sample } from "../doctor/deep.ts";
import { functions } from "../doctor/functions.ts";
import { recentErrors } from "../doctor/logs.ts";
import { lock, node } from "../doctor/machine.ts";
import { permissions } from "../doctor/permissions.ts";
import { api, endpoints, queues, token } from "../doctor/service.ts";
import { asFailure, EXIT } from "../failure.ts";
import { paint, plain, printJson, say } from "../output.ts";
import { sdkConfig } from "../sdk.ts";
import { dirOf, root } from "../target.ts";

const CHECKS: Check[] = [
  { name: "credentials", aws: true, run: credentials },
  { name: "cloud", run: embedded },
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

export const doctor = common(
  new Command("doctor")
    .description("Look at everything that must be right, and say how to mend what is not")
    .option("--deep", "send a sample to each sample model and wait for its prediction"),
  [
    "sluice doctor",
    "sluice doctor --deep",
    "sluice doctor --json | jq '.findings[] | select(.status != \"ok\")'",
  ],
).action(async ({ deep, ...options }: CommonOptions & { deep?: boolean }) => {
  const findings: Finding[] = [];
  for await (const finding of diagnose(deep ? [...CHECKS, DEEP] : CHECKS, options)) {
    findings.push(finding);
    if (options.json) continue;
    say(`${MARKS[finding.status]} ${finding.check.padEnd(11)}  ${plain(finding.message)}`);
    if (finding.fix) say(paint("dim", `  ${" ".repeat(11)}  ${plain(finding.fix)}`));
  }
  const count = (status: Finding["status"]) => findings.filter((finding) => finding.status === status).length;
  const [failed, warned] = [count("fail"), count("warn")];
  if (options.json) printJson({ healthy: failed === 0, findings });
  else say(`\n${count("ok")} well, ${warned} to know of, ${failed} to mend.`);
  if (failed > 0) process.exitCode = EXIT.failed;
});

async function* diagnose(checks: Check[], options: CommonOptions): AsyncGenerator<Finding> {
  for (const answer of node()) yield { check: "node", ...answer };
  for (const answer of await lock()) yield { check: "lock", ...answer };
  let patient: Patient;
  try {
    const { target } = open(options);
    const dir = path.resolve(root, dirOf(options));
    patient = { target, api: connect(target), sdk: sdkConfig(target), dir };
  } catch (error) {
    const { message, hint } = asFailure(error);
    return yield { check: "target", status: "fail", message, fix: hint };
  }
  yield* examine(checks, patient);
}
