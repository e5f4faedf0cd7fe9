// Validates CreateTrainingJob: AWS's rules, and features that are not implemented.
import type {
  AlgorithmSpecification,
  Channel,
  CreateTrainingJobRequest,
  StoppingCondition,
} from "@aws-sdk/client-sagemaker";
import { notImplemented } from "../../../kernel/error.ts";
import {
  checkCount,
  checkEnvironment,
  checkLength,
  checkNumber,
  checkOneOf,
  checkPattern,
  checkS3Uri,
  checkTags,
  checkVpc,
  requireValue,
  requireNumber,
  runtimeSeconds,
  violation,
} from "../job/check.ts";
import {
  CHANNEL_NAME,
  CHANNELS,
  HYPERPARAMETER_NAME_CHARACTERS,
  HYPERPARAMETER_VALUE_CHARACTERS,
  HYPERPARAMETERS,
  METRIC_DEFINITIONS,
  METRIC_REGEX_CHARACTERS,
  RETRY_ATTEMPTS_MAX,
  TRAINING_RUNTIME_MAX_SECONDS,
} from "../limits.ts";
import { invalid, refuseMembers } from "../shape.ts";

const HANDLED = [
  "TrainingJobName",
  "HyperParameters",
  "AlgorithmSpecification",
  "RoleArn",
  "InputDataConfig",
  "OutputDataConfig",
  "ResourceConfig",
  "StoppingCondition",
  "Tags",
  "EnableNetworkIsolation",
  "EnableInterContainerTrafficEncryption",
  "EnableManagedSpotTraining",
  "CheckpointConfig",
  "Environment",
  "RetryStrategy",
  "VpcConfig",
];
const MODES = ["File", "FastFile", "Pipe"];

/** `runs`: whether the image can run here. The job of another image is accepted and fails. */
export function checkTraining(input: CreateTrainingJobRequest, runs: boolean) {
  refuseMembers("CreateTrainingJob", withoutFalse(input), HANDLED);
  requireValue("roleArn", input.RoleArn);
  checkS3Uri("outputDataConfig.s3OutputPath", input.OutputDataConfig?.S3OutputPath);
  refuseMembers("CreateTrainingJob OutputDataConfig", input.OutputDataConfig!, [
    "S3OutputPath",
    "CompressionType",
  ]);
  if (input.OutputDataConfig!.CompressionType === "NONE")
    throw notImplemented("sagemaker CreateTrainingJob with OutputDataConfig.CompressionType NONE");
  checkAlgorithm(requireValue("algorithmSpecification", input.AlgorithmSpecification));
  checkResources(requireValue("resourceConfig", input.ResourceConfig));
  checkHyperParameters(input.HyperParameters);
  checkChannels(input.InputDataConfig, input.AlgorithmSpecification!.TrainingInputMode!, runs);
  checkStopping(input.StoppingCondition ?? {}, Boolean(input.EnableManagedSpotTraining));
  checkEnvironment(input.Environment);
  checkTags(input.Tags);
  checkVpc("vpcConfig", input.VpcConfig);
  checkNumber(
    "retryStrategy.maximumRetryAttempts",
    input.RetryStrategy?.MaximumRetryAttempts,
    1,
    RETRY_ATTEMPTS_MAX,
  );
  const checkpoints = input.CheckpointConfig;
  if (checkpoints) {
    checkS3Uri("checkpointConfig.s3Uri", checkpoints.S3Uri);
    if (checkpoints.LocalPath && !checkpoints.LocalPath.startsWith("/opt/ml/"))
      throw notImplemented("sagemaker CreateTrainingJob with a CheckpointConfig.LocalPath outside /opt/ml");
  }
}

/** Features that are switched off need no implementation. */
const withoutFalse = (input: object) =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== false));

function checkAlgorithm(algorithm: AlgorithmSpecification) {
  refuseMembers("CreateTrainingJob AlgorithmSpecification", withoutFalse(algorithm), [
    "TrainingImage",
    "TrainingInputMode",
    "MetricDefinitions",
    "EnableSageMakerMetricsTimeSeries",
    "ContainerEntrypoint",
    "ContainerArguments",
  ]);
  if (!algorithm.TrainingImage)
    throw invalid("AlgorithmSpecification needs a TrainingImage: built-in algorithms are not implemented.");
  checkOneOf(
    "algorithmSpecification.trainingInputMode",
    requireValue("algorithmSpecification.trainingInputMode", algorithm.TrainingInputMode),
    MODES,
  );
  const definitions = algorithm.MetricDefinitions ?? [];
  checkCount("algorithmSpecification.metricDefinitions", definitions, METRIC_DEFINITIONS);
  for (const { Name, Regex } of definitions) {
    requireValue("algorithmSpecification.metricDefinitions.name", Name);
    const regex = requireValue("algorithmSpecification.metricDefinitions.regex", Regex);
    checkLength("algorithmSpecification.metricDefinitions.regex", regex, METRIC_REGEX_CHARACTERS);
    try {
      new RegExp(regex);
    } catch (error) {
      throw invalid(`The regular expression of metric "${Name}" is not valid: ${(error as Error).message}`);
    }
  }
}

function checkResources(resources: NonNullable<CreateTrainingJobRequest["ResourceConfig"]>) {
  refuseMembers("CreateTrainingJob ResourceConfig", resources, [
    "InstanceType",
    "InstanceCount",
    "VolumeSizeInGB",
    "KeepAlivePeriodInSeconds",
  ]);
  requireValue("resourceConfig.instanceType", resources.InstanceType);
  const count = requireNumber("resourceConfig.instanceCount", resources.InstanceCount, 1, 1000);
  requireNumber("resourceConfig.volumeSizeInGB", resources.VolumeSizeInGB, 1, 65_536);
  if (count > 1)
    throw notImplemented("sagemaker CreateTrainingJob with ResourceConfig.InstanceCount above 1");
}

function checkHyperParameters(parameters: Record<string, string> = {}) {
  const entries = Object.entries(parameters);
  checkCount("hyperParameters", entries, HYPERPARAMETERS);
  for (const [name, value] of entries) {
    checkLength("hyperParameters", name, HYPERPARAMETER_NAME_CHARACTERS);
    checkLength(`hyperParameters.${name}.member`, value, HYPERPARAMETER_VALUE_CHARACTERS);
  }
}

function checkChannels(channels: Channel[] | undefined, jobMode: string, runs: boolean) {
  if (!channels) return;
  if (channels.length < 1 || channels.length > CHANNELS)
    throw violation("inputDataConfig", channels.length, `have between 1 and ${CHANNELS} members`);
  const names = new Set<string>();
  for (const channel of channels) {
    const name = requireValue("inputDataConfig.channelName", channel.ChannelName);
    checkPattern("inputDataConfig.channelName", name, CHANNEL_NAME);
    if (names.has(name)) throw invalid(`Duplicate channel name "${name}" in InputDataConfig.`);
    names.add(name);
    checkOneOf("inputDataConfig.inputMode", channel.InputMode, MODES);
    refuseMembers("CreateTrainingJob InputDataConfig", channel, [
      "ChannelName",
      "DataSource",
      "ContentType",
      "CompressionType",
      "RecordWrapperType",
      "InputMode",
    ]);
    const piped = (channel.InputMode ?? jobMode) === "Pipe";
    const wrapped =
      (channel.CompressionType ?? "None") !== "None" || (channel.RecordWrapperType ?? "None") !== "None";
    if (wrapped && !piped)
      throw invalid(`Channel "${name}": CompressionType and RecordWrapperType are for Pipe mode only.`);
    const source = channel.DataSource?.S3DataSource;
    if (!source)
      throw notImplemented("sagemaker CreateTrainingJob with a DataSource other than S3DataSource");
    refuseMembers("CreateTrainingJob S3DataSource", source, [
      "S3DataType",
      "S3Uri",
      "S3DataDistributionType",
      "AttributeNames",
    ]);
    checkS3Uri("inputDataConfig.dataSource.s3DataSource.s3Uri", source.S3Uri);
    if (piped && runs) throw notImplemented(`sagemaker CreateTrainingJob with Pipe mode (channel "${name}")`);
    if (source.S3DataType === "AugmentedManifestFile") {
      if (!piped)
        throw invalid(
          `Channel "${name}": S3DataType AugmentedManifestFile can only be used if the channel's input mode is Pipe.`,
        );
      if (!source.AttributeNames?.length)
        throw invalid(`Channel "${name}": an AugmentedManifestFile needs AttributeNames.`);
      continue;
    }
    checkOneOf("inputDataConfig.dataSource.s3DataSource.s3DataType", source.S3DataType ?? "", [
      "S3Prefix",
      "ManifestFile",
    ]);
  }
}

function checkStopping(condition: StoppingCondition, spot: boolean) {
  refuseMembers("CreateTrainingJob StoppingCondition", condition, [
    "MaxRuntimeInSeconds",
    "MaxWaitTimeInSeconds",
  ]);
  const runtime = runtimeSeconds(condition.MaxRuntimeInSeconds, TRAINING_RUNTIME_MAX_SECONDS);
  const wait = condition.MaxWaitTimeInSeconds;
  if (!spot && wait !== undefined)
    throw invalid("MaxWaitTimeInSeconds can only be set when EnableManagedSpotTraining is true.");
  if (spot && wait === undefined)
    throw invalid("StoppingCondition needs MaxWaitTimeInSeconds when EnableManagedSpotTraining is true.");
  if (wait !== undefined && wait < runtime)
    throw invalid(
      `Invalid MaxWaitTimeInSeconds. It must be present and be greater than or equal to MaxRuntimeInSeconds (${runtime}).`,
    );
}
