// From labels to a trained package: what a job may do, and the functions that start jobs and keep at it.
import { models } from "@sluice/models/index.ts";
import { pascal } from "@sluice/models/names.ts";
import { arnsOf, handOver, records } from "./access.ts";
import { bus, busLink, publish } from "./bus.ts";
import { probe } from "./containers.ts";
import { preparing } from "./datasets.ts";
import { failed, keepFailures, onEvent } from "./events.ts";
import { settings } from "./function.ts";
import { containerStatements } from "./hosting.ts";
import { artifacts, artifactsLink, uploads, uploadsLink } from "./storage.ts";
import { tableLink } from "./table.ts";

const { region } = aws.getRegionOutput();

// What a job itself may do: read what it learns from, write what it learned, pull its image, tell how it goes.
export const trainingRole = new aws.iam.Role("TrainingRole", {
  assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "sagemaker.amazonaws.com" }),
  inlinePolicies: [
    {
      name: "training",
      policy: aws.iam.getPolicyDocumentOutput({
        statements: [
          // Any object may be labelled, so any may be learned from.
          { actions: ["s3:GetObject"], resources: [$interpolate`${uploads.arn}/*`] },
          { actions: ["s3:GetObject"], resources: [$interpolate`${artifacts.arn}/datasets/*`] },
          // Checkpoints are read again when a job goes on.
          {
            actions: ["s3:GetObject", "s3:PutObject"],
            resources: [$interpolate`${artifacts.arn}/training/*`],
          },
          { actions: ["s3:ListBucket"], resources: [uploads.arn, artifacts.arn] },
          // Any image may be named, of this account or another whose repository lets it be pulled. SageMaker's own
          // algorithms it pulls by itself.
          ...containerStatements({ arn: $interpolate`arn:aws:ecr:${region}:*:repository/*` }),
        ],
      }).json,
    },
  ],
});

export const trainingLink = new sst.Linkable("Training", {
  properties: { roleArn: trainingRole.arn, probeImage: probe.image },
});

const jobs = arnsOf("training-job");

/** Asks for a training, and stops one. */
export const training = {
  link: [tableLink, busLink],
  permissions: [
    records.get,
    records.put,
    records.update,
    records.queryIndex("gsi1", "gsi3"),
    publish,
    { actions: ["sagemaker:StopTrainingJob"], resources: jobs },
  ],
};

/** What a job printed. */
export const trainingLog = {
  actions: ["logs:FilterLogEvents"],
  resources: ["arn:aws:logs:*:*:log-group:/aws/sagemaker/TrainingJobs:*"],
};

const advance = new sst.aws.Function("AdvanceTraining", {
  ...settings,
  handler: "packages/functions/src/event/advance.handler",
  description: "Trainings asked for to datasets and jobs",
  memory: "512 MB",
  // A million lines become a manifest of the built-in algorithm's.
  timeout: "5 minutes",
  link: [...new Set([...training.link, ...preparing.link, artifactsLink, uploadsLink, trainingLink])],
  permissions: [
    ...training.permissions,
    ...preparing.permissions,
    records.queryIndex("gsi2"),
    {
      actions: ["s3:PutObject", "s3:AbortMultipartUpload"],
      resources: [$interpolate`${artifacts.arn}/training/*/input/*`],
    },
    { actions: ["sagemaker:CreateTrainingJob", "sagemaker:AddTags"], resources: jobs },
    handOver(trainingRole),
    failed,
  ],
});

const retrain = new sst.aws.Function("Retrain", {
  ...settings,
  handler: "packages/functions/src/event/retrain.handler",
  description: "New labels to trainings, as each model declares it",
  memory: "512 MB",
  timeout: "1 minute",
  link: training.link,
  permissions: [...training.permissions, records.query, records.queryIndex("gsi2"), failed],
});

// Labels that came while a model was cooling down are looked at again.
new sst.aws.CronV2("RetrainingLate", { schedule: "rate(1 hour)", function: retrain.arn, retries: 2 });
for (const { name, retrain: declared } of models) {
  if (!declared?.schedule) continue;
  new sst.aws.CronV2(`${pascal(name)}Training`, {
    schedule: declared.schedule as `rate(${string})`,
    function: retrain.arn,
    event: { scheduled: name },
    retries: 2,
  });
}

const rules = [
  {
    name: "TrainingsAsked",
    fn: advance,
    pattern: {
      "detail-type": ["training.changed", "dataset.changed"],
      detail: { status: ["Preparing", "ready", "failed"] },
    },
  },
  { name: "LabelsGained", fn: retrain, pattern: { "detail-type": ["labels.changed"] } },
];

for (const { name, fn, pattern } of rules) {
  onEvent(name, { fn, pattern, bus: bus.name });
  keepFailures(name, fn);
}
