import type { Deployment } from "@sluice/core/deployment/deployment.ts";
import { TrainingRequest } from "@sluice/core/training/request.ts";
import type { TrainingRun } from "@sluice/core/training/training.ts";
import type { ModelVersion } from "@sluice/core/version/version.ts";
import { Command } from "commander";
import { readBody, type Client } from "../target/client.ts";
import { withCommonOptions, type CommonOptions, connectTarget } from "../target/options.ts";
import { fetchCost, showTraining } from "../cost/estimate.ts";
import { onInterrupt } from "../terminal/interrupt.ts";
import { printNote, paint, printJson, print } from "../terminal/output.ts";
import { addTrainOptions } from "./train-options.ts";
import { completionLine, describeRunning, followRun } from "./follow.ts";
import { takeLocalFiles, uploadFiles } from "./weights.ts";
import { waitForPolicyDeployment, waitForVersion } from "./version.ts";
import { evaluationLine, requireAccepted } from "../version/evaluation.ts";

interface TrainOptions extends CommonOptions, TrainingRequest {
  detach?: boolean;
  estimate?: boolean;
  hyperparameter: Record<string, string>;
}

export const train = addTrainOptions(
  withCommonOptions(
    new Command("train").description(
      "Train a model: prepare a dataset from its labels, run a training job, register the version",
    ),
    [
      "npx sluice train cats",
      "npx sluice train cats --epochs 20 --learning-rate 0.001 --skip-data-prep",
      "npx sluice train compliance --container probe --detach",
      "npx sluice train drones --detector anchor-free --size s --weights latest",
    ],
  ),
)
  .argument("<model>")
  .optionsGroup("Options:")
  .option("--force", "start even if another run of the model is in progress")
  .option("--detach", "return as soon as the run has started")
  .option("--estimate", "print the estimated cost without starting a run")
  .action(async (model: string, options: TrainOptions) => {
    const { api } = connectTarget(options);
    const json = Boolean(options.json);
    const { request, files } = await takeLocalFiles(createRequest(options));
    if (options.estimate) return estimate(api, model, request, json);
    // Options are checked before an upload that may take minutes.
    if (Object.keys(files).length > 0) await resolveSettings(api, model, request);
    const started = await readBody(
      api.models[":model"].training.$post({
        param: { model },
        json: { ...request, ...(await uploadFiles(api, model, files)) },
      }),
    );
    if (options.detach) {
      if (json) return printJson(started);
      return print(
        `${started.name} is ${started.status}. Follow it: npx sluice trainings logs ${started.name} -f`,
      );
    }
    printNote(paint("bold", started.name));
    for (const note of started.notes ?? []) printNote(paint("dim", `  ${note}`));
    const outcome: Outcome = { run: started as TrainingRun };
    const release = onInterrupt(() => describeRunning(outcome.run));
    try {
      await followToEnd(api, outcome, json ? () => {} : print, json);
    } finally {
      release();
      if (json) printJson(outcome);
    }
  });

const resolveSettings = (api: Client, model: string, json: TrainingRequest) =>
  readBody(api.models[":model"].training.settings.$post({ param: { model }, json }));

async function estimate(api: Client, model: string, request: TrainingRequest, json: boolean) {
  // Fails for options that a real start rejects.
  const { instance, spot, profile, notes = [] } = await resolveSettings(api, model, request);
  const cost = await fetchCost(api, model, { trainingInstance: instance, spot: String(spot) });
  const { trainingSeconds: seconds, trainingInstance } = cost.assumptions;
  const assumptions = { seconds, instance: trainingInstance, profile };
  if (json) return printJson({ ...cost.training, assumptions });
  showTraining(cost);
  for (const note of notes) print(paint("dim", note));
}

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
