import type { Deployment } from "@sluice/core/deployment/deployment.ts";
import { TrainingRequest } from "@sluice/core/training/request.ts";
import type { TrainingRun } from "@sluice/core/training/training.ts";
import type { ModelVersion } from "@sluice/core/version/version.ts";
import { Command, InvalidArgumentError } from "commander";
import { body, type Client } from "../client.ts";
import { common, type CommonOptions, open } from "../common.ts";
import { costOf, showTraining } from "../estimate.ts";
import { onInterrupt } from "../interrupt.ts";
import { note, paint, printJson, say } from "../output.ts";
import { ending, follow, goesOn } from "../training/follow.ts";
import { checkVerdict, deployedByPolicy, versionOf } from "../training/outcome.ts";
import { verdictLine } from "../version/judged.ts";

interface TrainOptions extends CommonOptions, TrainingRequest {
  detach?: boolean;
  estimate?: boolean;
  hyperparameter: Record<string, string>;
}

export const train = common(
  new Command("train").description(
    "Train a model: prepare its labels as a dataset, run a job, keep what it learned",
  ),
  [
    "npx sluice train cats",
    "npx sluice train cats --epochs 20 --learning-rate 0.001 --skip-data-prep",
    "npx sluice train compliance --container probe --detach",
  ],
)
  .argument("<model>")
  .option("--epochs <n>", "passes over the training items", number)
  .option("--learning-rate <n>", "how far a step goes", number)
  .option("--batch-size <n>", "items a step", number)
  .option("--dropout-rate <n>", "0 switches it off", number)
  .option("--weight-decay <n>", "how strongly weights are held small", number)
  .option("--patience <n>", "epochs without a better validation accuracy before it ends early", number)
  .option("--min-delta <n>", "what counts as better", number)
  .option("--train-only-top-layer <yes|no>", "leave the backbone as it is", yesNo)
  .option("--seed <n>", "equal seeds, equal models", number)
  .option("--dataset <id>", "learn from this dataset as it is")
  .option("--skip-data-prep", "learn from the newest dataset that is ready")
  .option("--platform <where>", "sagemaker, local, or the URI of a container image")
  .option("--container <name>", "probe, torch or builtin, instead of the declared one")
  .option(
    "--hyperparameter <name=value>",
    "for an image of your own, or the built-in algorithm; may be repeated",
    pair,
    {},
  )
  .option("--instance <type>", "such as ml.m5.xlarge")
  .option("--spot", "on spot capacity")
  .option("--no-spot", "on demand")
  .option("--max-runtime <duration>", 'such as "2 hours"')
  .option("--force", "also while another run of the model is under way")
  .option("--detach", "start it and leave")
  .option("--estimate", "say what it would cost, and do nothing")
  .action(async (model: string, options: TrainOptions) => {
    const { api } = open(options);
    const json = Boolean(options.json);
    if (options.estimate) {
      // What a real start would refuse costs nothing.
      const { instance, spot } = await body(
        api.models[":model"].training.settings.$post({ param: { model }, json: requestOf(options) }),
      );
      const found = await costOf(api, model, { trainingInstance: instance, spot: String(spot) });
      if (!json) return showTraining(found);
      const { trainingSeconds: seconds, trainingInstance } = found.assumptions;
      return printJson({ ...found.training, assumptions: { seconds, instance: trainingInstance } });
    }
    const begun = await body(
      api.models[":model"].training.$post({ param: { model }, json: requestOf(options) }),
    );
    if (options.detach) {
      if (json) return printJson(begun);
      return say(`${begun.name} is ${begun.status}. Follow it: npx sluice training logs ${begun.name} -f`);
    }
    note(paint("bold", begun.name));
    const told: Told = { run: begun as TrainingRun };
    const over = onInterrupt(() => goesOn(told.run));
    try {
      await toItsEnd(api, told, json ? () => {} : say, json);
    } finally {
      over();
      if (json) printJson(told);
    }
  });

/** What is known so far: printed as JSON however it ends. */
interface Told {
  run: TrainingRun;
  version?: ModelVersion;
  deployment?: Deployment;
}

async function toItsEnd(api: Client, told: Told, line: (text: string) => void, quiet: boolean) {
  told.run = await follow(api, told.run.name, note);
  line(ending(told.run));
  told.version = await versionOf(api, told.run);
  const { model, version, status } = told.version;
  line(
    `${paint(status === "accepted" ? "green" : "red", status === "accepted" ? "✓" : "✗")} ${verdictLine(told.version)}`,
  );
  checkVerdict(told.version);
  const served = await deployedByPolicy(api, told.version, quiet);
  told.deployment = served?.deployment;
  if (!served) return line(`Serve it: npx sluice provision ${model}`);
  line(`${paint("green", "✓")} ${served.deployment?.endpoint || model} serves version ${version}`);
  line(`Ask it: npx sluice predict ${model} FILE`);
}

/** Only what was said: the rest is the declaration's. */
function requestOf({ hyperparameter, ...options }: TrainOptions): TrainingRequest {
  const known = Object.entries(options).filter(([name]) => name in TrainingRequest.shape);
  return {
    ...Object.fromEntries(known),
    ...(Object.keys(hyperparameter).length > 0 && { hyperparameters: hyperparameter }),
  };
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || Number.isNaN(value)) throw new InvalidArgumentError("It is no number.");
  return value;
}

function yesNo(text: string): boolean {
  if (["yes", "true"].includes(text)) return true;
  if (["no", "false"].includes(text)) return false;
  throw new InvalidArgumentError("Write yes or no.");
}

function pair(text: string, before: Record<string, string>): Record<string, string> {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("Write name=value.");
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}
