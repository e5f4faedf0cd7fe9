import { Command } from "commander";
import { body } from "../client.ts";
import { common, type CommonOptions, open, whole } from "../common.ts";
import { Failure } from "../failure.ts";
import { note, printJson } from "../output.ts";
import { judged } from "../version/judged.ts";
import { evaluationIn, showEvaluation, showVersion } from "../version/show.ts";

interface EvaluateOptions extends CommonOptions {
  version: string;
  dataset?: string;
  samples?: number;
}

export const evaluate = common(
  new Command("evaluate")
    .description("How good a version is on data it has not seen")
    .argument("<model>")
    .option("--version <version>", "which one", "latest")
    .option("--dataset <id>", "held-out items of this dataset; of the version's own without it")
    .option("--samples <n>", "at most so many of them", whole),
  ["sluice evaluate cats", "sluice evaluate cats --version 0a1b2c --samples 200 --json"],
).action(async (model: string, { version, dataset, samples, ...options }: EvaluateOptions) => {
  const { api } = open(options);
  const begun = await body(
    api.versions[":model"][":version"].evaluate.$post({
      param: { model, version },
      json: { dataset, samples },
    }),
  );
  if (!options.json)
    note(`Evaluating ${model} ${begun.version} on ${begun.evaluationDataset} (${begun.evaluationJob}) ...`);
  const found = await judged(api, begun);
  const evaluation = await evaluationIn(api, found);
  if (found.evaluation === "failed" || !evaluation)
    throw new Failure("EVALUATION_FAILED", found.reason ?? "No reason was given.", {
      hint: `Its log: npx sluice logs ${model}`,
    });
  if (options.json) return printJson({ ...found, evaluation });
  showVersion(found);
  showEvaluation(evaluation);
});
