// A processing job: inputs are downloaded to their LocalPath, and outputs uploaded from theirs.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CreateProcessingJobRequest } from "@aws-sdk/client-sagemaker";
import type { Kernel } from "../../../kernel/service.ts";
import type { Job } from "../job/job.ts";
import { uploadFiles } from "../job/upload.ts";
import { downloadFolder } from "../job/download.ts";
import { algorithmError, readFileStart } from "../job/file-start.ts";
import type { JobSpec } from "../job/spec.ts";
import { EXIT_MESSAGE_BYTES, JOB_RUNTIME_SECONDS } from "../limits.ts";

export function processingSpec(kernel: Kernel, job: Job<CreateProcessingJobRequest>): JobSpec {
  const { request, roleArn } = job;
  const { ImageUri, ContainerEntrypoint = [], ContainerArguments = [] } = request.AppSpecification!;
  const inputs = (request.ProcessingInputs ?? []).map(({ S3Input }) => S3Input!);
  const outputs = (request.ProcessingOutputConfig?.Outputs ?? []).map(({ S3Output }) => S3Output!);
  const local = (folder: string, path = "") => join(folder, path.replace(/^\/opt\/ml\//, ""));

  return {
    image: ImageUri!,
    command: [...ContainerEntrypoint, ...ContainerArguments],
    environment: { ...request.Environment },
    group: "/aws/sagemaker/ProcessingJobs",
    maxRuntimeMs: (request.StoppingCondition?.MaxRuntimeInSeconds ?? JOB_RUNTIME_SECONDS) * 1000,
    // A local cloud is stopped often, so one restart is free.
    restarts: 1,

    async prepareFolder(folder, signal) {
      for (const name of ["config", "output"]) await mkdir(join(folder, name), { recursive: true });
      for (const { LocalPath } of outputs) await mkdir(local(folder, LocalPath), { recursive: true });
      const config = { ...request, ProcessingJobArn: job.arn };
      await writeFile(join(folder, "config/processingjobconfig.json"), JSON.stringify(config));
      const resources = { current_host: "algo-1", hosts: ["algo-1"] };
      await writeFile(join(folder, "config/resourceconfig.json"), JSON.stringify(resources));
      for (const { S3DataType, S3Uri, LocalPath } of inputs)
        await downloadFolder(
          { type: S3DataType!, uri: S3Uri! },
          { kernel, roleArn, folder: local(folder, LocalPath), signal },
        );
    },

    async saveOutput(folder, stopped) {
      if (!stopped)
        for (const { LocalPath, S3Uri } of outputs)
          await uploadFiles({ kernel, roleArn, folder: local(folder, LocalPath), uri: S3Uri! });
      return {};
    },

    async describe(folder) {
      const exitMessage = await readFileStart(join(folder, "output/message"), EXIT_MESSAGE_BYTES);
      return exitMessage === "" ? {} : { exitMessage };
    },

    failureOf: (folder, code) => algorithmError(join(folder, "output/message"), code),
  };
}
