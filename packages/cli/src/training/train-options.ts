// The options of `sluice train`, grouped in the help by the tasks that use them.
import { type Command, InvalidArgumentError, Option } from "commander";

const choice = (flags: string, description: string, ...values: string[]) =>
  new Option(flags, description).choices(values);

export const addTrainOptions = (command: Command): Command =>
  command
    .optionsGroup("Every task:")
    .option("--epochs <n>", "number of passes over the training data", parseNumber)
    .option("--learning-rate <n>", "learning rate", parseNumber)
    .option("--batch-size <n>", "items per step", parseNumber)
    .option("--weight-decay <n>", "weight decay", parseNumber)
    .option("--patience <n>", "early stopping: epochs without a better validation metric", parseNumber)
    .option("--min-delta <n>", "early stopping: minimum improvement", parseNumber)
    .option("--seed <n>", "random seed; the same seed gives the same model", parseNumber)
    .addOption(
      choice("--class-weights <how>", "torch: weight classes by their frequency", "balanced", "none"),
    )
    .option("--weights <start>", "torch: none, a version, or a .safetensors file here or in S3 (s3://...)")
    .option("--ema <yes|no>", "torch: use a moving average of the weights", parseYesNo)
    .addOption(choice("--quantize <format>", "torch: export smaller and faster numbers", "int8", "none"))
    .option("--keep-weights <yes|no>", "torch: allow later trainings to start from the version", parseYesNo)
    .option("--train-only-top-layer <yes|no>", "keep the backbone frozen", parseYesNo)

    .optionsGroup("Images and texts:")
    .option("--dropout-rate <n>", "dropout rate; 0 disables it", parseNumber)
    .option("--base-model <model>", "torch: a name on the hub, or a folder here or in S3 (s3://...)")
    .option(
      "--trainable-layers <n>",
      "torch, texts only: train the last layers of the base model",
      parseNumber,
    )

    .optionsGroup("Images and detectors:")
    .option("--image-size <pixels>", "torch: side of the input, a multiple of 32", parseNumber)
    .addOption(choice("--size <size>", "torch: size of the network", "n", "s", "m"))
    .option("--flip-horizontal <yes|no>", "augmentation: flip left and right", parseYesNo)
    .option("--flip-vertical <yes|no>", "augmentation: flip top and bottom", parseYesNo)
    .option("--rotation <share>", "augmentation: up to this share of a full turn", parseNumber)
    .option("--zoom <share>", "augmentation: scale up or down by up to this share", parseNumber)
    .option("--colour <strength>", "torch: augmentation of brightness, contrast and saturation", parseNumber)

    .optionsGroup("Detectors:")
    .option("--detector <family>", "torch: anchor-free or anchor-based")
    .option("--mosaic <share>", "torch: share of training images composed of four", parseNumber)
    .option("--multi-scale <yes|no>", "torch: train at several image sizes", parseYesNo)

    .optionsGroup("Data:")
    .option("--dataset <id>", "train on this dataset")
    .option("--skip-data-prep", "train on the newest dataset that is ready")

    .optionsGroup("Where it runs:")
    .option("--platform <where>", "sagemaker, local, or the URI of a container image")
    .option("--container <name>", "probe, torch or builtin (default: as declared)")
    .addOption(
      choice("--profile <profile>", "torch: declared options (default: by the instance)", "cpu", "gpu"),
    )
    .option(
      "--hyperparameter <name=value>",
      "for your own image or a built-in algorithm; repeatable",
      addPair,
      {},
    )
    .option("--instance <type>", "instance type, such as ml.m5.xlarge")
    .option("--spot", "use spot instances")
    .option("--no-spot", "use on-demand instances")
    .option("--max-runtime <duration>", 'time limit, such as "2 hours"');

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
