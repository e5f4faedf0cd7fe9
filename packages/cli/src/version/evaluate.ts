import { Command } from "commander";
import { readBody } from "../target/client.ts";
import { withCommonOptions, type CommonOptions, connectTarget, positiveInteger } from "../target/options.ts";
import { Failure } from "../terminal/failure.ts";
import { printNote, printJson } from "../terminal/output.ts";
import { waitForEvaluation } from "./evaluation.ts";
import { fetchEvaluation, showEvaluation, showVersion } from "./show.ts";

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
    .option("--samples <n>", "maximum number of items", positiveInteger),
  ["npx sluice evaluate cats", "npx sluice evaluate cats --version 0a1b2c --samples 200 --json"],
).action(async (model: string, { version, dataset, samples, ...options }: EvaluateOptions) => {
  const { api } = connectTarget(options);
  const started = await readBody(
    api.versions[":model"][":version"].evaluate.$post({
      param: { model, version },
      json: { dataset, samples },
    }),
  );
  if (!options.json)
    printNote(
      `Evaluating ${model} ${started.version} on ${started.evaluationDataset} (${started.evaluationJob}) ...`,
    );
  const found = await waitForEvaluation(api, started);
  const evaluation = await fetchEvaluation(api, found);
  if (found.evaluation === "failed" || !evaluation)
    throw new Failure("EVALUATION_FAILED", found.reason ?? "No reason was recorded.", {
      hint: `Read the job's log in the CloudWatch log group /aws/sagemaker/ProcessingJobs, then run \`npx sluice evaluate ${model} --version ${found.version}\`.`,
    });
  if (options.json) return printJson({ ...found, evaluation });
  showVersion(found);
  showEvaluation(evaluation);
});
