import {
  ApplicationAutoScalingClient,
  PutScalingPolicyCommand,
  RegisterScalableTargetCommand,
} from "@aws-sdk/client-application-auto-scaling";
import {
  CloudWatchClient,
  GetMetricStatisticsCommand,
  PutMetricAlarmCommand,
} from "@aws-sdk/client-cloudwatch";
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  DescribeEndpointCommand,
  UpdateEndpointWeightsAndCapacitiesCommand,
} from "@aws-sdk/client-sagemaker";
import {
  InvokeEndpointAsyncCommand,
  InvokeEndpointCommand,
  SageMakerRuntimeClient,
} from "@aws-sdk/client-sagemaker-runtime";
import { GetQueueUrlCommand, PurgeQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { IMAGE, type JobCloud, jobCloud, ROLE } from "../job/testing.ts";

const TOPIC = "arn:aws:sns:us-east-1:000000000000:Done";
const OPEN = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { Service: "sns.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: "*",
    },
  ],
});

let cloud: JobCloud;

beforeAll(async () => {
  cloud = await jobCloud({
    resources: [
      { name: "Done", type: "aws:sns/topic:Topic", inputs: { name: "Done" } },
      { name: "Told", type: "aws:sqs/queue:Queue", inputs: { name: "Told", policy: OPEN } },
      {
        name: "DoneTold",
        type: "aws:sns/topicSubscription:TopicSubscription",
        inputs: { topic: "${Done.arn}", protocol: "sqs", endpoint: "${Told.arn}", rawMessageDelivery: true },
      },
    ],
  });
  await cloud.sagemaker.send(
    new CreateModelCommand({
      ModelName: "m",
      ExecutionRoleArn: ROLE,
      PrimaryContainer: { Image: IMAGE, Environment: { MODEL: "m" } },
    }),
  );
  const ProductionVariants = [
    { VariantName: "main", ModelName: "m", InstanceType: "ml.m5.large" as const, InitialInstanceCount: 1 },
  ];
  await cloud.sagemaker.send(
    new CreateEndpointConfigCommand({
      EndpointConfigName: "later",
      ProductionVariants,
      AsyncInferenceConfig: {
        ClientConfig: { MaxConcurrentInvocationsPerInstance: 2 },
        OutputConfig: {
          S3OutputPath: "s3://box/answers/",
          S3FailurePath: "s3://box/failures",
          NotificationConfig: { SuccessTopic: TOPIC, ErrorTopic: TOPIC },
        },
      },
    }),
  );
  await cloud.sagemaker.send(
    new CreateEndpointConfigCommand({ EndpointConfigName: "now", ProductionVariants }),
  );
  for (const name of ["later", "now"])
    await cloud.sagemaker.send(new CreateEndpointCommand({ EndpointName: name, EndpointConfigName: name }));
  for (const name of ["later", "now"])
    await vi.waitFor(async () => expect((await describe(name)).EndpointStatus).toBe("InService"), 20_000);
});
afterAll(() => cloud.dispose());

const describe = (EndpointName: string) =>
  cloud.sagemaker.send(new DescribeEndpointCommand({ EndpointName }));
const runtime = () => new SageMakerRuntimeClient(cloud.cloud.client);
const ask = (InputLocation: string, more: object = {}) =>
  runtime().send(new InvokeEndpointAsyncCommand({ EndpointName: "later", InputLocation, ...more }));
async function answerAt(uri: string | undefined) {
  const key = uri!.slice("s3://box/".length);
  const read = async () => {
    const bytes = await cloud.get(key).catch(() => undefined);
    return bytes && String(bytes);
  };
  await expect.poll(read, { timeout: 20_000 }).toBeDefined();
  return read();
}

test("a request is accepted at once, and its response is stored at the returned location", async () => {
  await cloud.put("ask/1", "hello");
  const taken = await ask("s3://box/ask/1", { InferenceId: "mine" });
  expect(taken).toMatchObject({
    $metadata: { httpStatusCode: 202 },
    InferenceId: "mine",
    OutputLocation: expect.stringMatching(/^s3:\/\/box\/answers\/[\w-]+\.out$/),
    FailureLocation: expect.stringMatching(/^s3:\/\/box\/failures\/[\w-]+-error\.out$/),
  });
  expect(await answerAt(taken.OutputLocation)).toBe("m:hello");
  const inline = await ask("", { InputLocation: undefined, Body: Buffer.from("short") });
  expect(await answerAt(inline.OutputLocation)).toBe("m:short");
  expect(await describe("later")).toMatchObject({
    AsyncInferenceConfig: { OutputConfig: { S3OutputPath: "s3://box/answers/" } },
  });
});

test("topics are notified of each request's result", async () => {
  const { cloud: running } = cloud;
  const sqs = new SQSClient(running.client);
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: "Told" }));
  await sqs.send(new PurgeQueueCommand({ QueueUrl }));
  await ask("", { InputLocation: undefined, Body: Buffer.from("good"), InferenceId: "good" });
  await ask("", { InputLocation: undefined, Body: Buffer.from("bad"), InferenceId: "bad" });
  const told: Record<string, string> = {};
  await vi.waitFor(async () => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    for (const { Body } of Messages) {
      const { inferenceId, invocationStatus } = JSON.parse(Body!);
      told[inferenceId] = invocationStatus;
    }
    expect(told).toEqual({ good: "Completed", bad: "Failed" });
  }, 20_000);
});

test("invocations are counted in CloudWatch, with their errors", async () => {
  const invoke = (Body: string) =>
    runtime().send(new InvokeEndpointCommand({ EndpointName: "now", Body: Buffer.from(Body) }));
  await invoke("x");
  await expect(invoke("bad")).rejects.toMatchObject({ name: "ModelError" });
  cloud.clock.shift(1_000);
  const sum = async (MetricName: string) => {
    const now = cloud.clock.now();
    const { Datapoints } = await new CloudWatchClient(cloud.cloud.client).send(
      new GetMetricStatisticsCommand({
        Namespace: "AWS/SageMaker",
        MetricName,
        Dimensions: [
          { Name: "EndpointName", Value: "now" },
          { Name: "VariantName", Value: "main" },
        ],
        StartTime: new Date(now - 3_600_000),
        EndTime: new Date(now + 3_600_000),
        Period: 86_400,
        Statistics: ["Sum"],
      }),
    );
    return Datapoints!.reduce((total, { Sum }) => total + Sum!, 0);
  };
  await vi.waitFor(async () => expect(await sum("Invocations")).toBe(2), 20_000);
  expect(await sum("Invocation4XXErrors")).toBe(1);
  expect(await sum("ModelLatency")).toBeGreaterThan(0);
});

test("a request that fails leaves the reason at its failure location", async () => {
  await cloud.put("ask/bad", "bad");
  const [refused, missing] = await Promise.all([ask("s3://box/ask/bad"), ask("s3://box/ask/none")]);
  expect(await answerAt(refused.FailureLocation)).toMatch(/Received client error \(400\).*m:bad/);
  expect(await answerAt(missing.FailureLocation)).toMatch(/does not exist/);
});

test("an expired request is not invoked", async () => {
  await cloud.put("ask/never", "never");
  await cloud.put("ask/late", "late");
  const stuck = { InvocationTimeoutSeconds: 1 };
  await Promise.all([ask("s3://box/ask/never", stuck), ask("s3://box/ask/never", stuck)]);
  const late = await ask("s3://box/ask/late", { RequestTTLSeconds: 60 });
  cloud.clock.shift(61_000);
  expect(await answerAt(late.FailureLocation)).toMatch(/expired/);
});

test("accepted requests run after a restart", async () => {
  const stuck = await Promise.all(
    [1, 2].map(() => ask("s3://box/ask/never", { InvocationTimeoutSeconds: 2 })),
  );
  const waiting = await ask("s3://box/ask/1");
  await cloud.restart();
  expect(await answerAt(waiting.OutputLocation)).toBe("m:hello");
  for (const { FailureLocation } of stuck) expect(await answerAt(FailureLocation)).toMatch(/timed out/);
});

test("requests wait without an instance, the backlog is measured every minute, and an alarm scales out", async () => {
  const instances = (EndpointName: string, DesiredInstanceCount: number) =>
    cloud.sagemaker.send(
      new UpdateEndpointWeightsAndCapacitiesCommand({
        EndpointName,
        DesiredWeightsAndCapacities: [{ VariantName: "main", DesiredInstanceCount }],
      }),
    );
  await expect(instances("now", 0)).rejects.toThrow(/at least 1/);
  await instances("later", 0);
  expect((await describe("later")).ProductionVariants).toMatchObject([{ CurrentInstanceCount: 0 }]);
  const from = cloud.clock.now();
  const waiting = await ask("s3://box/ask/1");
  cloud.clock.shift(60_000);
  const values = async (MetricName: string) => {
    const { Datapoints } = await new CloudWatchClient(cloud.cloud.client).send(
      new GetMetricStatisticsCommand({
        Namespace: "AWS/SageMaker",
        MetricName,
        Dimensions: [{ Name: "EndpointName", Value: "later" }],
        StartTime: new Date(from),
        EndTime: new Date(from + 3_600_000),
        Period: 3_600,
        Statistics: ["Maximum"],
      }),
    );
    return Datapoints!.map(({ Maximum }) => Maximum);
  };
  await expect.poll(() => values("HasBacklogWithoutCapacity"), { timeout: 20_000 }).toContain(1);
  expect((await values("ApproximateBacklogSize"))[0]).toBeGreaterThanOrEqual(1);

  const scaling = new ApplicationAutoScalingClient(cloud.cloud.client);
  const variant = {
    ServiceNamespace: "sagemaker" as const,
    ResourceId: "endpoint/later/variant/main",
    ScalableDimension: "sagemaker:variant:DesiredInstanceCount" as const,
  };
  await scaling.send(new RegisterScalableTargetCommand({ ...variant, MinCapacity: 0, MaxCapacity: 2 }));
  const { PolicyARN } = await scaling.send(
    new PutScalingPolicyCommand({
      ...variant,
      PolicyName: "wake",
      PolicyType: "StepScaling",
      StepScalingPolicyConfiguration: {
        AdjustmentType: "ChangeInCapacity",
        StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }],
      },
    }),
  );
  await new CloudWatchClient(cloud.cloud.client).send(
    new PutMetricAlarmCommand({
      AlarmName: "waits",
      Namespace: "AWS/SageMaker",
      MetricName: "HasBacklogWithoutCapacity",
      Dimensions: [{ Name: "EndpointName", Value: "later" }],
      Statistic: "Average",
      Period: 60,
      EvaluationPeriods: 2,
      Threshold: 1,
      ComparisonOperator: "GreaterThanOrEqualToThreshold",
      AlarmActions: [PolicyARN!],
    }),
  );
  await vi.waitFor(
    async () => {
      cloud.clock.shift(60_000);
      expect((await describe("later")).ProductionVariants).toMatchObject([{ CurrentInstanceCount: 1 }]);
    },
    { timeout: 20_000, interval: 200 },
  );
  expect(await answerAt(waiting.OutputLocation)).toBe("m:hello");
});

test("synchronous and asynchronous endpoints reject the other kind of invocation", async () => {
  await expect(ask("s3://box/ask/1", { EndpointName: "now" })).rejects.toThrow(/is not asynchronous/);
  await expect(
    runtime().send(new InvokeEndpointCommand({ EndpointName: "later", Body: "x" })),
  ).rejects.toThrow(/InvokeEndpointAsync/);
  await expect(ask("https://elsewhere/x")).rejects.toThrow(/not the S3 URI/);
  await expect(ask("s3://box/ask/1", { RequestTTLSeconds: 5 })).rejects.toThrow(/between 60 and 21600/);
});
