// The parts of a built-in algorithm's job that differ: streamed channels, and the number of samples.
import type { Channel } from "@aws-sdk/client-sagemaker";
import type { Dataset } from "../../dataset/dataset.ts";
import { byName } from "@sluice/models/index.ts";
import type { TrainingRunItem } from "../training.entity.ts";
import { attributes, manifestFolder, splits } from "./manifest.ts";

/** The algorithm's default. It rejects a batch larger than the dataset. */
const MINI_BATCH = 32;

export function builtInHyperparameters(
  { model, hyperparameters }: TrainingRunItem,
  { items }: Dataset,
): Record<string, string> {
  const samples = items?.train ?? 0;
  const batch = Number(hyperparameters?.["mini_batch_size"] ?? MINI_BATCH);
  return {
    ...hyperparameters,
    num_classes: String(byName(model)!.classes.length),
    num_training_samples: String(samples),
    mini_batch_size: String(Math.min(batch, samples)),
  };
}

export const builtInChannels = (run: string, artifacts: string): Channel[] =>
  splits.map((split) => ({
    ChannelName: split,
    DataSource: {
      S3DataSource: {
        S3DataType: "AugmentedManifestFile",
        S3Uri: `${artifacts}/${manifestFolder(run)}${split}.manifest`,
        S3DataDistributionType: "FullyReplicated",
        AttributeNames: attributes,
      },
    },
    ContentType: "application/x-recordio",
    RecordWrapperType: "RecordIO",
    CompressionType: "None",
    InputMode: "Pipe",
  }));
