import type { Deployment } from "@sluice/core/deployment/deployment.ts";
import { TrainingRequest } from "@sluice/core/training/request.ts";
import type { TrainingRun } from "@sluice/core/training/training.ts";
import type { ModelVersion } from "@sluice/core/version/version.ts";
import { Command, InvalidArgumentError } from "commander";
import { readBody, type Client } from "../target/client.ts";
import { withCommonOptions, type CommonOptions, connectTarget } from "../target/options.ts";
import { fetchCost, showTraining } from "../cost/estimate.ts";
import { onInterrupt } from "../terminal/interrupt.ts";
import { printNote, paint, printJson, print } from "../terminal/output.ts";
import { completionLine, describeRunning, followRun } from "./follow.ts";
import { waitForPolicyDeployment, waitForVersion } from "./version.ts";
import { evaluationLine, requireAccepted } from "../version/evaluation.ts";

interface TrainOptions extends CommonOptions, TrainingRequest {
  detach?: boolean;
  estimate?: boolean;
  hyperparameter: Record<string, string>;
}

export const train = withCommonOptions(
  new Command("train").description(
    "Train a model: prepare a dataset from its labels, run a training job, register the version",
  ),
  [
    "npx sluice train cats",
    "npx sluice train cats --epochs 20 --learning-rate 0.001 --skip-data-prep",
    "npx sluice train compliance --container probe --detach",
  ],
)
  .argument("<model>")
  .option("--epochs <n>", "number of passes over the training data", parseNumber)
  .option("--learning-rate <n>", "learning rate", parseNumber)
  .option("--batch-size <n>", "items per step", parseNumber)
  .option("--dropout-rate <n>", "dropout rate; 0 disables it", parseNumber)
  .option("--weight-decay <n>", "weight decay", parseNumber)
  .option("--patience <n>", "early stopping: epochs without a better validation accuracy", parseNumber)
  .option("--min-delta <n>", "early stopping: minimum improvement", parseNumber)
  .option("--train-only-top-layer <yes|no>", "keep the backbone frozen", parseYesNo)
  .option("--seed <n>", "random seed; the same seed gives the same model", parseNumber)
  .option("--dataset <id>", "train on this dataset")
  .option("--skip-data-prep", "train on the newest dataset that is ready")
  .option("--platform <where>", "sagemaker, local, or the URI of a container image")
  .option("--container <name>", "probe, torch or builtin (default: as declared)")
  .option(
    "--hyperparameter <name=value>",
    "for your own image or a built-in algorithm; repeatable",
    addPair,
    {},
  )
  .option("--instance <type>", "instance type, such as ml.m5.xlarge")
  .option("--spot", "use spot instances")
  .option("--no-spot", "use on-demand instances")
  .option("--max-runtime <duration>", 'time limit, such as "2 hours"')
  .option("--force", "start even if another run of the model is in progress")
  .option("--detach", "return as soon as the run has started")
  .option("--estimate", "print the estimated cost without starting a run")
  .action(async (model: string, options: TrainOptions) => {
    const { api } = connectTarget(options);
    const json = Boolean(options.json);
    if (options.estimate) {
      // Fails for options that a real start rejects.
      const { instance, spot } = await readBody(
        api.models[":model"].training.settings.$post({ param: { model }, json: createRequest(options) }),
      );
      const cost = await fetchCost(api, model, { trainingInstance: instance, spot: String(spot) });
      if (!json) return showTraining(cost);
      const { trainingSeconds: seconds, trainingInstance } = cost.assumptions;
      return printJson({ ...cost.training, assumptions: { seconds, instance: trainingInstance } });
    }
    const started = await readBody(
      api.models[":model"].training.$post({ param: { model }, json: createRequest(options) }),
    );
    if (options.detach) {
      if (json) return printJson(started);
      return print(
        `${started.name} is ${started.status}. Follow it: npx sluice training logs ${started.name} -f`,
      );
    }
    printNote(paint("bold", started.name));
    const outcome: Outcome = { run: started as TrainingRun };
    const release = onInterrupt(() => describeRunning(outcome.run));
    try {
      await followToEnd(api, outcome, json ? () => {} : print, json);
    } finally {
      release();
      if (json) printJson(outcome);
    }
  });

/** The results so far: printed as JSON, also after a failure. */
interface Outcome {
  run: TrainingRun;
  version?: ModelVersion;
  deployment?: Deployment;
}

async function followToEnd(api: Client, outcome: Outcome, printLine: (text: string) => void, quiet: boolean) {
  outcome.run = await followRun(api, outcome.run.name, printNote);
  printLine(completionLine(outcome.run));
  outcome.version = await waitForVersion(api, outcome.run);
  const { model, version, status } = outcome.version;
  printLine(
    `${paint(status === "accepted" ? "green" : "red", status === "accepted" ? "✓" : "✗")} ${evaluationLine(outcome.version)}`,
  );
  requireAccepted(outcome.version);
  const deployed = await waitForPolicyDeployment(api, outcome.version, quiet);
  outcome.deployment = deployed?.deployment;
  if (!deployed) return printLine(`Deploy it: npx sluice provision ${model}`);
  printLine(`${paint("green", "✓")} ${deployed.deployment?.endpoint || model} serves version ${version}`);
  printLine(`Predict with it: npx sluice predict ${model} FILE`);
}

/** Only the given options; the API uses the declaration for the rest. */
function createRequest({ hyperparameter, ...options }: TrainOptions): TrainingRequest {
  const known = Object.entries(options).filter(([name]) => name in TrainingRequest.shape);
  return {
    ...Object.fromEntries(known),
    ...(Object.keys(hyperparameter).length > 0 && { hyperparameters: hyperparameter }),
  };
}

function parseNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || Number.isNaN(value)) throw new InvalidArgumentError("It must be a number.");
  return value;
}

function parseYesNo(text: string): boolean {
  if (["yes", "true"].includes(text)) return true;
  if (["no", "false"].includes(text)) return false;
  throw new InvalidArgumentError("Write yes or no.");
}

function addPair(text: string, before: Record<string, string>): Record<string, string> {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("Write name=value.");
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}
