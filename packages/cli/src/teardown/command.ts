import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { Command } from "commander";
import { sdkConfig } from "../target/sdk.ts";
import { confirmByName } from "../terminal/confirm.ts";
import { withCommonOptions } from "../target/options.ts";
import { EXIT, Failure } from "../terminal/failure.ts";
import { onInterrupt } from "../terminal/interrupt.ts";
import { createProgressBar, print, printJson, printNote } from "../terminal/output.ts";
import { explain } from "./errors.ts";
import { takeInventory } from "./inventory.ts";
import { openKinds } from "./kinds.ts";
import type { Account, Kind } from "./kind.ts";
import { pauseFunctions, resumeFunctions } from "./pause.ts";
import { removeAll, type Outcome } from "./remove.ts";
import { inventoryJson, showFailures, showInventory } from "./report.ts";
import { PROTECTED, resolveStage, type StageOptions } from "./stage.ts";

interface TeardownOptions extends StageOptions {
  yes?: boolean;
  dryRun?: boolean;
  resume?: boolean;
}

const INTERRUPTED = "Interrupted. Some resources may be removed. To continue, run the command again.";

export const teardown = withCommonOptions(
  new Command("teardown")
    .description(
      "Remove the endpoints, jobs, alarms and logs that functions created; run it before `sst remove`, which leaves them",
    )
    .option("--stage <name>", "stage to tear down (default: the one that commands use)")
    .option("--dry-run", "only list what would be removed, with its cost")
    .option("--yes", "skip the confirmation")
    .option("--resume", "run the paused functions again, without removing anything"),
  [
    "npx sluice teardown --dry-run",
    "npx sluice teardown",
    "npx sluice teardown --stage demo --yes && npx sst remove --stage demo",
    "npx sluice teardown --json --dry-run | jq .dollarsPerMonth",
  ],
).action(async (options: TeardownOptions) => {
  const target = resolveStage(options);
  const { app, stage } = target;
  const account = { target, sdk: sdkConfig(target), pollMs: target.where === "local" ? 100 : 5_000 };
  if (options.resume) return resume(account, options);
  const note = (text: string) => (options.json ? printNote(text) : print(text));

  const where = await describeAccount(account);
  note(`Resources that functions of ${app}, stage ${stage}, created in ${where}:`);
  const kinds = openKinds(account);
  const found = await takeInventory(kinds);
  const listed = { app, stage, ...inventoryJson(found), failures: found.failures };
  if (!options.json) {
    showInventory(found);
    showFailures(found.failures);
    if (found.count === 0) print(nothingFound(stage, found.failures.length));
  }
  if (options.dryRun) {
    if (options.json) printJson({ ...listed, removed: 0 });
    if (found.failures.length > 0) process.exitCode = EXIT.failed;
    return;
  }
  if (found.count === 0) {
    const { failures } = found;
    const complete = failures.length === 0;
    if (options.json) printJson({ app, stage, removed: 0, complete, left: inventoryJson(found), failures });
    if (!complete) process.exitCode = EXIT.failed;
    return;
  }
  if (!options.yes)
    await confirmByName(`Remove these ${found.count} resources? This cannot be undone.`, stage);

  const paused: string[] = [];
  const release = onInterrupt(() => [INTERRUPTED, ...pausedText(paused, options)].join("\n"));
  await pauseFunctions(account, paused).catch((cause: unknown) => {
    const { reason, fix } = explain("functions", undefined, cause);
    throw new Failure("FUNCTIONS_NOT_PAUSED", `Nothing was removed. ${reason}`, {
      hint: [fix, ...pausedText(paused, options)].join(" "),
      cause,
    });
  });
  if (paused.length > 0) note(`Paused ${paused.length} functions, so that nothing is created again.`);
  const outcome = await removeAll(kinds, account.pollMs * 2, progress(note));
  release();
  if (options.json)
    printJson({ app, stage, removed: outcome.removed, complete: outcome.complete, ...leftOf(outcome) });
  else showOutcome(outcome, stage, paused.length > 0);
  for (const text of pausedText(paused, options)) note(text);
  if (!outcome.complete) process.exitCode = EXIT.failed;
});

async function resume(account: Account, { json }: TeardownOptions) {
  const resumed = await resumeFunctions(account);
  if (json) return printJson({ resumed });
  print(`${resumed.length} functions run again.`);
}

async function describeAccount({ sdk }: Account): Promise<string> {
  const client = new STSClient(sdk);
  const { Account: account } = await client.send(new GetCallerIdentityCommand({})).catch((cause: Error) => {
    throw new Failure("CREDENTIALS_INVALID", `AWS rejects the credentials: ${cause.message}`, {
      exit: EXIT.denied,
      hint: "Sign in, for instance with `aws sso login`, and set AWS_PROFILE and AWS_REGION.",
      cause,
    });
  });
  return `account ${account}, ${await client.config.region()}`;
}

function progress(note: (text: string) => void) {
  const bars = new Map<Kind, ReturnType<typeof createProgressBar>>();
  return {
    onKind(kind: Kind, total: number) {
      note(`Removing ${total} ${kind.title} ...`);
      bars.set(kind, createProgressBar(kind.title));
    },
    onItem(kind: Kind, done: number, total: number) {
      const bar = bars.get(kind)!;
      bar.update(done, total);
      if (done === total) bar.clear();
    },
  };
}

const nothingFound = (stage: string, failures: number) =>
  failures === 0
    ? `No resources found in stage ${stage}. Nothing was changed.`
    : `No resources found in stage ${stage}, but ${failures} lists could not be read. Nothing was changed.`;

/** Empty if none is paused. */
function pausedText(paused: string[], { stage, dir }: TeardownOptions): string[] {
  if (paused.length === 0) return [];
  const api = paused.some((name) => name.includes("ApiHandlerFunction")) ? ", the API included" : "";
  const resumeOptions = [stage && ` --stage ${stage}`, dir && ` --dir ${dir}`].filter(Boolean).join("");
  return [
    `${paused.length} functions are paused${api}. To run them again: npx sluice teardown --resume${resumeOptions}`,
  ];
}

const leftOf = ({ left, failures }: Outcome) => ({ left: inventoryJson(left), failures });

function showOutcome({ removed, complete, left, failures }: Outcome, stage: string, paused: boolean) {
  if (complete) {
    print(`Removed ${removed} resources. Every service was listed again: nothing is left.`);
    if (stage === PROTECTED)
      print(
        `The stage \`${stage}\` is protected. Set \`protect: false\` in sst.config.ts and deploy, then run \`npx sst remove\`.`,
      );
    else if (paused)
      print(`Now remove the rest, so that nothing is created again: npx sst remove --stage ${stage}`);
    print(
      "S3 objects, records and images are not removed. `sst remove` deletes or keeps them (see `removal` in sst.config.ts).",
    );
    return;
  }
  print(`Removed ${removed} resources. ${left.count} are left:`);
  showInventory(left);
  showFailures(failures);
}
