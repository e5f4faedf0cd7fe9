// Validates CreateProcessingJob: AWS's rules, and features that are not implemented.
import type {
  CreateProcessingJobRequest,
  ProcessingInput,
  ProcessingOutput,
  ProcessingS3Input,
} from "@aws-sdk/client-sagemaker";
import { notImplemented } from "../../../kernel/error.ts";
import {
  checkCount,
  checkEnvironment,
  checkOneOf,
  checkS3Uri,
  checkTags,
  checkVpc,
  requireValue,
  requireNumber,
  runtimeSeconds,
  violation,
} from "../job/check.ts";
import { PROCESSING_CHANNELS, PROCESSING_RUNTIME_MAX_SECONDS } from "../limits.ts";
import { invalid, refuseMembers } from "../shape.ts";

const HANDLED = [
  "ProcessingInputs",
  "ProcessingOutputConfig",
  "ProcessingJobName",
  "ProcessingResources",
  "StoppingCondition",
  "AppSpecification",
  "Environment",
  "NetworkConfig",
  "RoleArn",
  "Tags",
];

export function checkProcessing(input: CreateProcessingJobRequest) {
  refuseMembers("CreateProcessingJob", input, HANDLED);
  requireValue("roleArn", input.RoleArn);
  requireValue("appSpecification.imageUri", input.AppSpecification?.ImageUri);
  if (!input.AppSpecification!.ContainerEntrypoint?.length)
    throw notImplemented("sagemaker CreateProcessingJob without AppSpecification.ContainerEntrypoint");
  const cluster = requireValue("processingResources.clusterConfig", input.ProcessingResources?.ClusterConfig);
  refuseMembers("CreateProcessingJob ClusterConfig", cluster, [
    "InstanceCount",
    "InstanceType",
    "VolumeSizeInGB",
  ]);
  requireValue("processingResources.clusterConfig.instanceType", cluster.InstanceType);
  const count = requireNumber(
    "processingResources.clusterConfig.instanceCount",
    cluster.InstanceCount,
    1,
    100,
  );
  if (count > 1)
    throw notImplemented("sagemaker CreateProcessingJob with ClusterConfig.InstanceCount above 1");
  requireNumber("processingResources.clusterConfig.volumeSizeInGB", cluster.VolumeSizeInGB, 1, 16_384);
  runtimeSeconds(input.StoppingCondition?.MaxRuntimeInSeconds, PROCESSING_RUNTIME_MAX_SECONDS);
  checkEnvironment(input.Environment);
  checkTags(input.Tags);
  refuseMembers("CreateProcessingJob NetworkConfig", input.NetworkConfig ?? {}, ["VpcConfig"]);
  checkVpc("networkConfig.vpcConfig", input.NetworkConfig?.VpcConfig);

  const inputs = input.ProcessingInputs ?? [];
  const outputs = input.ProcessingOutputConfig?.Outputs ?? [];
  checkNames(
    "processingInputs",
    inputs.map(({ InputName }) => InputName),
  );
  checkNames(
    "processingOutputConfig.outputs",
    outputs.map(({ OutputName }) => OutputName),
  );
  inputs.forEach(checkInput);
  outputs.forEach(checkOutput);
  const paths = [...inputs.map((each) => each.S3Input!), ...outputs.map((each) => each.S3Output!)].map(
    ({ LocalPath }) => LocalPath!.replace(/\/$/, ""),
  );
  const twice = paths.find((path, index) => paths.indexOf(path) !== index);
  if (twice) throw invalid(`The LocalPath ${twice} is used twice.`);
}

function checkNames(at: string, names: Array<string | undefined>) {
  checkCount(at, names, PROCESSING_CHANNELS);
  const twice = names.find((name, index) => names.indexOf(requireValue(at, name)) !== index);
  if (twice) throw invalid(`The name "${twice}" is used twice in ${at}.`);
}

function checkInput(input: ProcessingInput) {
  refuseMembers(
    "CreateProcessingJob ProcessingInputs",
    { ...input, AppManaged: input.AppManaged || undefined },
    ["InputName", "S3Input"],
  );
  const source: ProcessingS3Input = requireValue("processingInputs.s3Input", input.S3Input);
  checkS3Uri("processingInputs.s3Input.s3Uri", source.S3Uri);
  checkLocalPath("processingInputs.s3Input.localPath", source.LocalPath);
  checkOneOf(
    "processingInputs.s3Input.s3DataType",
    requireValue("processingInputs.s3Input.s3DataType", source.S3DataType),
    ["S3Prefix", "ManifestFile"],
  );
  if ((source.S3InputMode ?? "File") !== "File")
    throw notImplemented(`sagemaker CreateProcessingJob with S3InputMode ${source.S3InputMode}`);
  if ((source.S3CompressionType ?? "None") !== "None")
    throw notImplemented(`sagemaker CreateProcessingJob with S3CompressionType ${source.S3CompressionType}`);
}

function checkOutput(output: ProcessingOutput) {
  refuseMembers("CreateProcessingJob Outputs", { ...output, AppManaged: output.AppManaged || undefined }, [
    "OutputName",
    "S3Output",
  ]);
  const sink = requireValue("processingOutputConfig.outputs.s3Output", output.S3Output);
  checkS3Uri("processingOutputConfig.outputs.s3Output.s3Uri", sink.S3Uri);
  checkLocalPath("processingOutputConfig.outputs.s3Output.localPath", sink.LocalPath);
  checkOneOf("processingOutputConfig.outputs.s3Output.s3UploadMode", sink.S3UploadMode, [
    "EndOfJob",
    "Continuous",
  ]);
  if (sink.S3UploadMode === "Continuous")
    throw notImplemented("sagemaker CreateProcessingJob with S3UploadMode Continuous");
}

function checkLocalPath(at: string, path: string | undefined) {
  if (!requireValue(at, path).startsWith("/opt/ml/processing/") || path!.split("/").includes(".."))
    throw violation(at, path, "be a path below /opt/ml/processing");
}
