import type { TrainingRequest } from "@sluice/core/training/request.ts";
import { Command, InvalidArgumentError } from "commander";
import { body } from "../client.ts";
import { common, type CommonOptions, open } from "../common.ts";
import { note, paint, printJson, say } from "../output.ts";
import { ending, follow } from "../training/follow.ts";

interface TrainOptions extends CommonOptions, Omit<TrainingRequest, "hyperparameters"> {
  detach?: boolean;
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
  .option("--learning-rate <n>", "", number)
  .option("--batch-size <n>", "", number)
  .option("--dropout-rate <n>", "0 switches it off", number)
  .option("--weight-decay <n>", "", number)
  .option("--patience <n>", "epochs without a better validation accuracy before it ends early", number)
  .option("--min-delta <n>", "what counts as better", number)
  .option("--train-only-top-layer <yes|no>", "", yesNo)
  .option("--seed <n>", "equal seeds, equal models", number)
  .option("--dataset <id>", "learn from this dataset as it is")
  .option("--skip-data-prep", "learn from the newest dataset that is ready")
  .option("--platform <where>", "sagemaker, local, or the URI of a container image")
  .option("--container <name>", "probe or torch, instead of the declared one")
  .option("--hyperparameter <name=value>", "for an image of your own; may be repeated", pair, {})
  .option("--instance <type>", "such as ml.m5.xlarge")
  .option("--spot", "on spot capacity")
  .option("--no-spot", "on demand")
  .option("--max-runtime <duration>", 'such as "2 hours"')
  .option("--force", "also while another run of the model is under way")
  .option("--detach", "start it and leave")
  .action(async (model: string, options: TrainOptions) => {
    const { api } = open(options);
    const asked = await body(
      api.models[":model"].training.$post({ param: { model }, json: requestOf(options) }),
    );
    if (options.detach) {
      if (options.json) return printJson(asked);
      say(`${asked.name} is ${asked.status}. Follow it: npx sluice training logs ${asked.name} -f`);
      return;
    }
    note(`${paint("bold", asked.name)}`);
    const run = await follow(api, asked.name, note);
    if (options.json) printJson(run);
    const line = ending(run);
    if (!options.json) say(line);
  });

/** Only what was said: the rest is the declaration's. */
function requestOf({
  hyperparameter,
  detach: _,
  json: __,
  api: ___,
  token,
  dir,
  local,
  ...rest
}: TrainOptions) {
  void [token, dir, local];
  return { ...rest, ...(Object.keys(hyperparameter).length > 0 && { hyperparameters: hyperparameter }) };
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
