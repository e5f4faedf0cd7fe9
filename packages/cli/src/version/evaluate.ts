import type { SpotCheck } from "@sluice/core/evaluation/spot-check.ts";
import { Command } from "commander";
import { readBody, type Client } from "../target/client.ts";
import { withCommonOptions, type CommonOptions, connectTarget, positiveInteger } from "../target/options.ts";
import { poll } from "../target/poll.ts";
import { Failure } from "../terminal/failure.ts";
import { print, printNote, printJson } from "../terminal/output.ts";
import { getVersion, waitForEvaluation } from "./evaluation.ts";
import { fetchEvaluation, showEvaluation, showVersion } from "./show.ts";

const POLL_MS = 500;

interface EvaluateOptions extends CommonOptions {
  version: string;
  dataset?: string;
  samples?: number;
}

export const evaluate = withCommonOptions(
  new Command("evaluate")
    .description("Evaluate a version on held-out data")
    .argument("<model>")
    .option("--version <version>", "version to evaluate", "latest")
    .option("--dataset <id>", "use the held-out items of this dataset (default: the version's own)")
    .option(
      "--samples <n>",
      "spot check of at most n items; the metrics of the version are not changed",
      positiveInteger,
    ),
  ["npx sluice evaluate cats", "npx sluice evaluate cats --version 0a1b2c --samples 200 --json"],
).action(async (model: string, { version, dataset, samples, ...options }: EvaluateOptions) => {
  const { api } = connectTarget(options);
  const param = { model, version };
  if (samples !== undefined) return spotCheck(api, param, { dataset, samples }, Boolean(options.json));
  const started = await readBody(
    api.versions[":model"][":version"].evaluate.$post({ param, json: { dataset } }),
  );
  if (!options.json)
    printNote(
      `Evaluating ${model} ${started.version} on ${started.evaluationDataset} (${started.evaluationJob}) ...`,
    );
  const found = await waitForEvaluation(api, started);
  const evaluation = await fetchEvaluation(api, found);
  if (found.evaluation === "failed" || !evaluation)
    throw evaluationFailure(found.reason, `npx sluice evaluate ${model} --version ${found.version}`);
  if (options.json) return printJson({ ...found, evaluation });
  showVersion(found);
  showEvaluation(evaluation);
});

async function spotCheck(
  api: Client,
  name: { model: string; version: string },
  json: { dataset?: string; samples: number },
  asJson: boolean,
) {
  // Of "latest", so that the result is of the same version as the job.
  const { model, version } = await getVersion(api, name);
  const checks = api.versions[":model"][":version"]["spot-checks"];
  const { job, dataset } = await readBody(checks.$post({ param: { model, version }, json }));
  if (!asJson) printNote(`Spot check of ${model} ${version} on ${dataset} (${job}) ...`);
  const found = await poll(
    async () => {
      const read: SpotCheck = await readBody(checks[":job"].$get({ param: { model, version, job } }));
      return read.status === "running" ? undefined : read;
    },
    POLL_MS,
    () => "The spot check continues, and its result is not recorded.",
  );
  if (!found.evaluation)
    throw evaluationFailure(
      found.reason,
      `npx sluice evaluate ${model} --version ${version} --samples ${json.samples}`,
    );
  const { evaluation } = found;
  if (asJson) return printJson({ model, version, spotCheck: job, dataset, evaluation });
  print(`spot check of ${model} ${version}: ${evaluation.samples} held-out items of ${dataset}`);
  showEvaluation(evaluation);
  printNote(`The metrics of version ${version} are unchanged: npx sluice versions show ${model} ${version}`);
}

const evaluationFailure = (reason: string | undefined, command: string) =>
  new Failure("EVALUATION_FAILED", reason ?? "No reason was recorded.", {
    hint: `Read the job's log in the CloudWatch log group /aws/sagemaker/ProcessingJobs, then run \`${command}\`.`,
  });
