// A training job: downloads configuration, channels and checkpoints; uploads model, output and checkpoints.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Channel, CreateTrainingJobRequest } from "@aws-sdk/client-sagemaker";
import type { Kernel } from "../../../kernel/service.ts";
import type { Job } from "../job/job.ts";
import { openMetrics } from "../job/metrics.ts";
import { hasFiles, uploadArchive, uploadFiles } from "../job/upload.ts";
import { downloadFolder } from "../job/download.ts";
import { algorithmError } from "../job/file-start.ts";
import type { JobSpec } from "../job/spec.ts";
import { JOB_RUNTIME_SECONDS } from "../limits.ts";

export function trainingSpec(kernel: Kernel, job: Job<CreateTrainingJobRequest>): JobSpec {
  const { request, roleArn } = job;
  const algorithm = request.AlgorithmSpecification!;
  const spot = request.EnableManagedSpotTraining;
  const condition = request.StoppingCondition ?? {};
  const checkpoints = request.CheckpointConfig;
  const metrics = openMetrics(kernel, job, algorithm.MetricDefinitions ?? []);
  const output = `${request.OutputDataConfig!.S3OutputPath!.replace(/\/$/, "")}/${job.name}/output`;

  const checkpointFolder = (folder: string) =>
    join(folder, (checkpoints?.LocalPath ?? "/opt/ml/checkpoints").replace(/^\/opt\/ml\//, ""));

  return {
    image: algorithm.TrainingImage!,
    command: [...(algorithm.ContainerEntrypoint ?? ["train"]), ...(algorithm.ContainerArguments ?? [])],
    environment: { ...request.Environment, TRAINING_JOB_NAME: job.name, TRAINING_JOB_ARN: job.arn },
    isolated: request.EnableNetworkIsolation,
    group: "/aws/sagemaker/TrainingJobs",
    maxRuntimeMs: (condition.MaxRuntimeInSeconds ?? JOB_RUNTIME_SECONDS) * 1000,
    maxWaitMs: condition.MaxWaitTimeInSeconds && condition.MaxWaitTimeInSeconds * 1000,
    // A local cloud is stopped often, so one restart is free. Spot jobs expect interruptions.
    restarts: spot ? Infinity : (request.RetryStrategy?.MaximumRetryAttempts ?? 1),
    onLine: metrics.read,
    latestMetrics: metrics.latest,
    flush: metrics.flush,

    async prepareFolder(folder, signal) {
      for (const name of ["model", "output/data", "input/config", "input/data"])
        await mkdir(join(folder, name), { recursive: true });
      await mkdir(checkpointFolder(folder), { recursive: true });
      await writeConfig(folder, request);
      if (checkpoints)
        await downloadFolder(
          { type: "S3Prefix", uri: checkpoints.S3Uri! },
          { kernel, roleArn, folder: checkpointFolder(folder), signal, mayBeEmpty: true },
        );
      for (const channel of request.InputDataConfig ?? []) {
        const { S3DataType, S3Uri } = channel.DataSource!.S3DataSource!;
        await downloadFolder(
          { type: S3DataType === "ManifestFile" ? S3DataType : "S3Prefix", uri: S3Uri! },
          { kernel, roleArn, folder: join(folder, "input/data", channel.ChannelName!), signal },
        );
      }
    },

    async saveCheckpoints(folder) {
      const local = checkpointFolder(folder);
      if (checkpoints && (await hasFiles(local)))
        await uploadFiles({ kernel, roleArn, folder: local, uri: checkpoints.S3Uri! });
    },

    async saveOutput(folder, stopped) {
      const archive = (from: string, name: string) =>
        uploadArchive({ kernel, roleArn, folder: join(folder, from), uri: `${output}/${name}` });
      if (await hasFiles(join(folder, "output/data"))) await archive("output/data", "output.tar.gz");
      if (stopped && !(await hasFiles(join(folder, "model")))) return {};
      await archive("model", "model.tar.gz");
      return { artifact: `${output}/model.tar.gz` };
    },

    failureOf: (folder, code) => algorithmError(join(folder, "output/failure"), code),
  };
}

async function writeConfig(folder: string, request: CreateTrainingJobRequest) {
  const write = (name: string, content: object) =>
    writeFile(join(folder, "input/config", `${name}.json`), JSON.stringify(content));
  await write("hyperparameters", request.HyperParameters ?? {});
  await write("inputdataconfig", Object.fromEntries((request.InputDataConfig ?? []).map(describe(request))));
  await write("resourceconfig", {
    current_host: "algo-1",
    current_instance_type: request.ResourceConfig!.InstanceType,
    current_group_name: "homogeneousCluster",
    hosts: ["algo-1"],
    instance_groups: [
      {
        instance_group_name: "homogeneousCluster",
        instance_type: request.ResourceConfig!.InstanceType,
        hosts: ["algo-1"],
      },
    ],
    network_interface_name: "lo",
  });
}

const describe =
  (request: CreateTrainingJobRequest) =>
  (channel: Channel): [string, object] => [
    channel.ChannelName!,
    {
      TrainingInputMode: channel.InputMode ?? request.AlgorithmSpecification!.TrainingInputMode,
      S3DistributionType: channel.DataSource!.S3DataSource!.S3DataDistributionType ?? "FullyReplicated",
      RecordWrapperType: "None",
      ...(channel.ContentType && { ContentType: channel.ContentType }),
    },
  ];
