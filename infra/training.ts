// Labels become trained packages: the role of training jobs, and the functions that start them.
import { models } from "@sluice/models/index.ts";
import { pascal } from "@sluice/models/names.ts";
import { creating, onOwn, passRole, records } from "./access.ts";
import { arnOf, partition, region } from "./account.ts";
import { bus, busLink, publish } from "./bus.ts";
import { probe, torch } from "./containers.ts";
import { preparing } from "./datasets.ts";
import { keepFailures, onEvent, storeFailures } from "./events.ts";
import { settings } from "./function.ts";
import { containerStatements, jobLogs } from "./hosting.ts";
import { ownName } from "./stage.ts";
import { artifacts, artifactsLink, listArtifacts, readArtifacts, uploads, uploadsLink } from "./storage.ts";
import { tableLink } from "./table.ts";
import { networkStatements, vpcProperties } from "./vpc.ts";

// Of a job: read its dataset, write its model, pull its image, write logs and metrics.
export const trainingRole = new aws.iam.Role("TrainingRole", {
  name: ownName("TrainingRole"),
  assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "sagemaker.amazonaws.com" }),
  inlinePolicies: [
    {
      name: "training",
      policy: aws.iam.getPolicyDocumentOutput({
        statements: [
          // Any object may be labeled and so be part of a dataset.
          { actions: ["s3:GetObject"], resources: [$interpolate`${uploads.arn}/*`] },
          // Its dataset, and what it continues from: the package of a version, or uploaded weights.
          readArtifacts("datasets", "packages", "incoming"),
          // A job continues from its checkpoints.
          {
            actions: ["s3:GetObject", "s3:PutObject"],
            resources: [$interpolate`${artifacts.arn}/training/*`],
          },
          { actions: ["s3:ListBucket"], resources: [uploads.arn] },
          listArtifacts("datasets", "packages", "incoming", "training"),
          // A request may name any image that its repository allows to pull. SageMaker pulls its own algorithms itself.
          ...containerStatements({ arn: $interpolate`arn:${partition}:ecr:${region}:*:repository/*` }),
          ...jobLogs("TrainingJobs"),
          ...networkStatements,
        ],
      }).json,
    },
  ],
});

export const trainingLink = new sst.Linkable("Training", {
  properties: {
    roleArn: trainingRole.arn,
    probeImage: probe.image,
    torchImage: torch.image,
    ...vpcProperties,
  },
});

/** Of a function that requests and stops trainings. */
export const training = {
  link: [tableLink, busLink],
  permissions: [
    ...records.write,
    records.queryIndex("gsi1", "gsi3"),
    publish,
    onOwn(["sagemaker:StopTrainingJob"], "training-job"),
    // Reading quotas has no resources.
    { actions: ["servicequotas:ListServiceQuotas"], resources: ["*"] },
  ],
};

/** The jobs of an account share one group, and AWS grants reading by group. The function names its job's streams. */
export const trainingLog = {
  actions: ["logs:FilterLogEvents"],
  resources: [arnOf("logs", "log-group:/aws/sagemaker/TrainingJobs:*")],
};

const advance = new sst.aws.Function("AdvanceTraining", {
  ...settings,
  handler: "packages/functions/src/event/advance.handler",
  description: "Requested trainings to datasets and jobs",
  memory: "512 MB",
  // Enough to write a million lines to a manifest of the built-in algorithm.
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
    creating(["sagemaker:CreateTrainingJob"], "training-job"),
    passRole(trainingRole),
    storeFailures,
  ],
});

onEvent("TrainingsRequested", {
  fn: advance,
  bus: bus.name,
  pattern: {
    "detail-type": ["training.changed", "dataset.changed"],
    detail: { status: ["Preparing", "ready", "failed"] },
  },
});
keepFailures("TrainingsRequested", advance);

const retrains = {
  ...settings,
  memory: "512 MB",
  timeout: "1 minute",
  link: training.link,
  permissions: [...training.permissions, records.query, records.queryIndex("gsi2"), storeFailures],
} satisfies Partial<sst.aws.FunctionArgs>;

const retrain = new sst.aws.Function("Retrain", {
  ...retrains,
  handler: "packages/functions/src/event/retrain.handler",
  description: "New labels, drift and low accuracy to decisions about trainings",
});
onEvent("LabelsChanged", {
  fn: retrain,
  bus: bus.name,
  pattern: { "detail-type": ["labels.changed", "drift.detected", "accuracy.low"] },
});
keepFailures("LabelsChanged", retrain);

const retrainDue = new sst.aws.Function("RetrainDue", {
  ...retrains,
  handler: "packages/functions/src/cron/retrain-due.handler",
  description: "Labels that arrived during a training or a cooldown, to trainings",
});
new sst.aws.CronV2("RetrainingDue", { schedule: "rate(1 hour)", function: retrainDue.arn, retries: 2 });

for (const { name, retrain: declared } of models) {
  if (!declared?.schedule) continue;
  const scheduled = new sst.aws.Function(`${pascal(name)}RetrainScheduled`, {
    ...retrains,
    handler: "packages/functions/src/cron/retrain-scheduled.handler",
    description: `Trainings of the model ${name} at its declared times`,
    environment: { SLUICE_MODEL: name },
  });
  keepFailures(`${pascal(name)}RetrainScheduled`, scheduled);
  new sst.aws.CronV2(`${pascal(name)}Training`, {
    schedule: declared.schedule as `rate(${string})`,
    function: scheduled.arn,
    event: { scheduledTime: "<aws.scheduler.scheduled-time>" },
    retries: 2,
  });
}
