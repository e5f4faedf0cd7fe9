// Creates what the functions of a stage create, and lists every service, with real SDK clients.
import {
  ApplicationAutoScalingClient,
  PutScalingPolicyCommand,
  RegisterScalableTargetCommand,
  paginateDescribeScalableTargets,
  paginateDescribeScalingPolicies,
} from "@aws-sdk/client-application-auto-scaling";
import { CloudWatchClient, PutMetricAlarmCommand, paginateDescribeAlarms } from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  paginateDescribeLogGroups,
  paginateDescribeLogStreams,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  CreateProcessingJobCommand,
  CreateTrainingJobCommand,
  DescribeEndpointCommand,
  DescribeTrainingJobCommand,
  paginateListEndpointConfigs,
  paginateListEndpoints,
  paginateListModels,
  paginateListProcessingJobs,
  paginateListTrainingJobs,
} from "@aws-sdk/client-sagemaker";
import { endpointName, jobName, modelName } from "@sluice/models/names.ts";
import { mapConcurrently } from "@sluice/core/util/map-concurrently.ts";
import { IMAGE, ROLE, type JobCloud } from "@sluice/local/service/sagemaker/job/testing.ts";
import { until } from "../support/until.ts";

export interface Stage {
  app: string;
  stage: string;
}

export interface Listed {
  /** "app/stage", by the name. */
  owner: string;
  kind: string;
  name: string;
  status?: string | undefined;
}

const MODEL = "cats";
const hex = (count: number) => count.toString(16).padStart(8, "0");

export function openResources({ cloud, sagemaker }: JobCloud) {
  const scaling = new ApplicationAutoScalingClient(cloud.client);
  const cloudwatch = new CloudWatchClient(cloud.client);
  const logs = new CloudWatchLogsClient(cloud.client);
  const owners = new Map<string, string>();

  const tagsOf = ({ app, stage }: Stage) =>
    Object.entries({ app, stage, model: MODEL }).map(([key, Value]) => ({ Key: `sluice:${key}`, Value }));
  const own = (stage: Stage, name: string) => {
    owners.set(name, `${stage.app}/${stage.stage}`);
    return name;
  };
  const configName = (stage: Stage, index = 0) =>
    own(stage, modelName(stage, MODEL, "realtime", { digest: hex(index), shape: "abcdef" }));

  async function createModel(stage: Stage, name: string) {
    await sagemaker.send(
      new CreateModelCommand({
        ModelName: name,
        ExecutionRoleArn: ROLE,
        PrimaryContainer: { Image: IMAGE },
        Tags: tagsOf(stage),
      }),
    );
  }

  async function createHosting(stage: Stage) {
    const name = configName(stage);
    const endpoint = own(stage, endpointName(stage, MODEL, "realtime"));
    await createModel(stage, name);
    const variant = { VariantName: "AllTraffic", ModelName: name, InitialVariantWeight: 1 };
    await sagemaker.send(
      new CreateEndpointConfigCommand({
        EndpointConfigName: name,
        ProductionVariants: [{ ...variant, InstanceType: "ml.m5.large", InitialInstanceCount: 1 }],
        Tags: tagsOf(stage),
      }),
    );
    const input = { EndpointName: endpoint, EndpointConfigName: name, Tags: tagsOf(stage) };
    await sagemaker.send(new CreateEndpointCommand(input));
    await until(async () => {
      const { EndpointStatus } = await sagemaker.send(
        new DescribeEndpointCommand({ EndpointName: endpoint }),
      );
      if (EndpointStatus !== "InService") throw new Error(`${endpoint} is ${EndpointStatus}.`);
    });
    const target = {
      ServiceNamespace: "sagemaker",
      ResourceId: `endpoint/${endpoint}/variant/AllTraffic`,
      ScalableDimension: "sagemaker:variant:DesiredInstanceCount",
    } as const;
    await scaling.send(new RegisterScalableTargetCommand({ ...target, MinCapacity: 1, MaxCapacity: 2 }));
    await scaling.send(
      new PutScalingPolicyCommand({
        ...target,
        PolicyName: "invocations-per-instance",
        PolicyType: "TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration: {
          TargetValue: 300,
          PredefinedMetricSpecification: { PredefinedMetricType: "SageMakerVariantInvocationsPerInstance" },
        },
      }),
    );
    for (const AlarmName of [
      `TargetTracking-endpoint/${endpoint}/variant/AllTraffic-AlarmHigh-1`,
      `NoInstance-endpoint/${endpoint}`,
    ])
      await cloudwatch.send(
        new PutMetricAlarmCommand({
          AlarmName,
          Namespace: "AWS/SageMaker",
          MetricName: "Invocations",
          Statistic: "Average",
          Period: 60,
          EvaluationPeriods: 1,
          Threshold: 1,
          ComparisonOperator: "GreaterThanOrEqualToThreshold",
        }),
      );
    // An idle container has written nothing yet.
    await logs.send(new CreateLogGroupCommand({ logGroupName: `/aws/sagemaker/Endpoints/${endpoint}` }));
  }

  async function createTraining(stage: Stage, nonce: string, what: string) {
    const name = own(stage, jobName(stage, MODEL, "train", nonce));
    await sagemaker.send(
      new CreateTrainingJobCommand({
        TrainingJobName: name,
        RoleArn: ROLE,
        AlgorithmSpecification: { TrainingImage: IMAGE, TrainingInputMode: "File" },
        HyperParameters: { do: what },
        OutputDataConfig: { S3OutputPath: "s3://box/output/" },
        ResourceConfig: { InstanceType: "ml.m5.large", InstanceCount: 1, VolumeSizeInGB: 1 },
        StoppingCondition: { MaxRuntimeInSeconds: 3_600 },
        Tags: tagsOf(stage),
      }),
    );
    return name;
  }

  async function createEvaluation(stage: Stage) {
    const name = own(stage, jobName(stage, MODEL, "evaluate", "1"));
    await sagemaker.send(
      new CreateProcessingJobCommand({
        ProcessingJobName: name,
        RoleArn: ROLE,
        AppSpecification: {
          ImageUri: IMAGE,
          ContainerEntrypoint: ["evaluate"],
          ContainerArguments: ["wait"],
        },
        ProcessingResources: {
          ClusterConfig: { InstanceCount: 1, InstanceType: "ml.m5.large", VolumeSizeInGB: 1 },
        },
        Tags: tagsOf(stage),
      }),
    );
    return name;
  }

  /** Who owns a resource whose name contains one that a stage created. */
  const ownerOf = (name: string) =>
    [...owners].toSorted(([a], [b]) => b.length - a.length).find(([known]) => name.includes(known))?.[1] ??
    "";

  async function list(): Promise<Listed[]> {
    const found: Listed[] = [];
    const add = (kind: string, name = "", status?: string) =>
      found.push({ owner: ownerOf(name), kind, name, status });
    for await (const { Endpoints = [] } of paginateListEndpoints({ client: sagemaker }, {}))
      for (const one of Endpoints) add("endpoint", one.EndpointName, one.EndpointStatus);
    for await (const { EndpointConfigs = [] } of paginateListEndpointConfigs({ client: sagemaker }, {}))
      for (const one of EndpointConfigs) add("config", one.EndpointConfigName);
    for await (const { Models = [] } of paginateListModels({ client: sagemaker }, {}))
      for (const one of Models) add("model", one.ModelName);
    for await (const { TrainingJobSummaries = [] } of paginateListTrainingJobs({ client: sagemaker }, {}))
      for (const one of TrainingJobSummaries) add("training", one.TrainingJobName, one.TrainingJobStatus);
    for await (const page of paginateListProcessingJobs({ client: sagemaker }, {}))
      for (const one of page.ProcessingJobSummaries ?? [])
        add("processing", one.ProcessingJobName, one.ProcessingJobStatus);
    const namespace = { ServiceNamespace: "sagemaker" } as const;
    for await (const { ScalableTargets = [] } of paginateDescribeScalableTargets(
      { client: scaling },
      namespace,
    ))
      for (const { ResourceId } of ScalableTargets) add("scalable target", ResourceId);
    for await (const { ScalingPolicies = [] } of paginateDescribeScalingPolicies(
      { client: scaling },
      namespace,
    ))
      for (const { ResourceId } of ScalingPolicies) add("policy", ResourceId);
    for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client: cloudwatch }, {}))
      for (const { AlarmName } of MetricAlarms) add("alarm", AlarmName);
    for await (const { logGroups = [] } of paginateDescribeLogGroups({ client: logs }, {}))
      for (const { logGroupName = "" } of logGroups) {
        if (logGroupName.includes("/Endpoints/")) add("log group", logGroupName);
        for await (const { logStreams = [] } of paginateDescribeLogStreams(
          { client: logs },
          { logGroupName },
        ))
          for (const { logStreamName } of logStreams) add("stream", logStreamName);
      }
    return found;
  }

  return {
    list,
    async create(stage: Stage) {
      await createHosting(stage);
      const ended = await createTraining(stage, "ended", "fail");
      await until(async () => {
        const { TrainingJobStatus } = await sagemaker.send(
          new DescribeTrainingJobCommand({ TrainingJobName: ended }),
        );
        if (TrainingJobStatus !== "Failed") throw new Error(`${ended} is ${TrainingJobStatus}.`);
      });
      const logGroupName = "/aws/sagemaker/TrainingJobs";
      await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: `${ended}/algo-2` }));
    },
    /** Jobs that never end. The cloud runs a few at a time; the others wait, in progress too. */
    async startJobs(stage: Stage) {
      await createTraining(stage, "running", "hold");
      await createEvaluation(stage);
    },
    async createModels(stage: Stage, count: number) {
      const names = Array.from({ length: count }, (_, index) => configName(stage, index + 1));
      await mapConcurrently(8, names, (name) => createModel(stage, name));
    },
  };
}
