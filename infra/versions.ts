// Trained packages become evaluated versions. Events start each step; schedules repeat it when an event was lost.
import { creating, onOwn, ownJobs, passRole, records } from "./access.ts";
import { bus, busLink, publish } from "./bus.ts";
import { keepFailures, onEvent, storeFailures } from "./events.ts";
import { settings } from "./function.ts";
import { evaluationRole, hostingLink } from "./hosting.ts";
import { artifacts, artifactsLink, readArtifacts, uploads, uploadsLink, writeArtifacts } from "./storage.ts";
import { tableLink } from "./table.ts";

/** Of a function that inspects and stores a package, stores its sample input, and starts its evaluation. */
export const registering = {
  link: [tableLink, busLink, artifactsLink, uploadsLink, hostingLink],
  permissions: [
    ...records.write,
    records.queryIndex("gsi1"),
    publish,
    readArtifacts("incoming", "packages", "datasets"),
    writeArtifacts("incoming", "packages"),
    { actions: ["s3:GetObject"], resources: [$interpolate`${uploads.arn}/*`] },
    { actions: ["s3:ListBucket"], resources: [artifacts.arn, uploads.arn] },
    creating(["sagemaker:CreateProcessingJob"], "processing-job"),
    passRole(evaluationRole),
  ],
};

const registersRuns = {
  ...settings,
  // More CPU than its memory needs: a package is unpacked and hashed as a stream.
  memory: "1024 MB",
  timeout: "15 minutes",
  link: registering.link,
  permissions: [
    ...registering.permissions,
    readArtifacts("training"),
    onOwn(["sagemaker:DescribeTrainingJob"], "training-job"),
    storeFailures,
  ],
} satisfies Partial<sst.aws.FunctionArgs>;

const registerVersion = new sst.aws.Function("RegisterVersion", {
  ...registersRuns,
  handler: "packages/functions/src/event/version.handler",
  description: "Completed training jobs to versions",
});
onEvent("RunsCompleted", {
  fn: registerVersion,
  bus: bus.name,
  pattern: { "detail-type": ["training.changed"], detail: { status: ["Completed"] } },
});
keepFailures("RegisterVersion", registerVersion);

const registerMissed = new sst.aws.Function("RegisterMissedRuns", {
  ...registersRuns,
  handler: "packages/functions/src/cron/register-runs.handler",
  description: "Completed training jobs whose event was lost, to versions",
});
new sst.aws.CronV2("RegisteringMissed", {
  schedule: "rate(5 minutes)",
  function: registerMissed.arn,
  retries: 0,
});

const recordsEvaluations = {
  ...settings,
  memory: "512 MB",
  timeout: "1 minute",
  link: [tableLink, busLink, artifactsLink],
  permissions: [
    ...records.write,
    records.queryIndex("gsi2"),
    publish,
    readArtifacts("evaluations"),
    { actions: ["s3:ListBucket"], resources: [artifacts.arn] },
    onOwn(["sagemaker:DescribeProcessingJob"], "processing-job"),
    storeFailures,
  ],
} satisfies Partial<sst.aws.FunctionArgs>;

const recordEvaluation = new sst.aws.Function("RecordEvaluation", {
  ...recordsEvaluations,
  handler: "packages/functions/src/event/evaluation.handler",
  description: "Ended evaluations to metrics and the policy's decision",
});
onEvent("EvaluationsEnded", {
  fn: recordEvaluation,
  pattern: {
    source: ["aws.sagemaker"],
    "detail-type": ["SageMaker Processing Job State Change"],
    detail: { ProcessingJobName: ownJobs, ProcessingJobStatus: ["Completed", "Failed", "Stopped"] },
  },
});
keepFailures("RecordEvaluation", recordEvaluation);

const recordMissed = new sst.aws.Function("RecordMissedEvaluations", {
  ...recordsEvaluations,
  handler: "packages/functions/src/cron/record-evaluations.handler",
  description: "Evaluations whose event was lost, to metrics and decisions",
});
new sst.aws.CronV2("RecordingMissed", {
  schedule: "rate(5 minutes)",
  function: recordMissed.arn,
  retries: 0,
});
