// The stages "prod" and "prod-eu" in one account: what one may do, and which events it receives. The committed policies,
// for the stage "prod", are evaluated by the embedded IAM.
import { appliesTo, parsePolicy } from "@sluice/local/iam/document.ts";
import { models } from "@sluice/models/index.ts";
import { endpointName, endpointNames, jobName, modelName } from "@sluice/models/names.ts";
import { expect, test } from "vitest";
import { ofType } from "./graph.ts";

const prod = { app: "sluice", stage: "prod" };
const neighbour = { app: "sluice", stage: "prod-eu" };
type Stage = typeof prod;

const asProd = (text: string) =>
  text
    .replaceAll("sluice-local-", "sluice-prod-")
    .replaceAll('"sluice:stage":["local"]', '"sluice:stage":["prod"]')
    .replaceAll(/(Tag\/sluice:stage":\[")local"/g, '$1prod"')
    .replaceAll("${aws.region}", "us-east-1")
    .replaceAll("${aws.account}", "000000000000")
    .replaceAll("${aws.partition}", "aws");

const roles = ofType("aws:iam/role:Role").map(({ name, inputs }) => {
  const policies = (inputs["inlinePolicies"] ?? []) as { policy: string }[];
  return { name, statements: policies.flatMap(({ policy }) => parsePolicy(asProd(policy), name)) };
});

const tags = (kind: "Resource" | "Request", { app, stage }: Stage) => ({
  [`aws:${kind.toLowerCase()}tag/sluice:app`]: app,
  [`aws:${kind.toLowerCase()}tag/sluice:stage`]: stage,
});

/** The roles that may do it. */
const allowed = (action: string, resource: string, context: Record<string, string>) =>
  roles
    .filter(({ statements }) => statements.some((one) => appliesTo(one, { action, resource, context })))
    .map(({ name }) => name);

const arn = (kind: string, name: string) =>
  `arn:aws:sagemaker:us-east-1:000000000000:${kind}/${name.toLowerCase()}`;
const content = { digest: "0123456789abcdef", shape: "fedcba" };
const resources = (stage: Stage): Record<string, string> => ({
  endpoint: arn("endpoint", endpointName(stage, "cats", "realtime")),
  "endpoint-config": arn("endpoint-config", modelName(stage, "cats", "realtime", content)),
  model: arn("model", modelName(stage, "cats", "realtime", content)),
  "training-job": arn("training-job", jobName(stage, "cats", "train", "1")),
  "processing-job": arn("processing-job", jobName(stage, "cats", "evaluate", "1")),
});

test("the name of a neighbour's resource starts with the prefix of this stage", () => {
  for (const name of Object.values(resources(neighbour))) expect(name).toContain("/sluice-prod-");
});

test.each([
  ["sagemaker:DescribeEndpoint", "endpoint"],
  ["sagemaker:UpdateEndpoint", "endpoint"],
  ["sagemaker:UpdateEndpointWeightsAndCapacities", "endpoint"],
  ["sagemaker:DeleteEndpoint", "endpoint"],
  ["sagemaker:InvokeEndpoint", "endpoint"],
  ["sagemaker:InvokeEndpointAsync", "endpoint"],
  ["sagemaker:DescribeEndpointConfig", "endpoint-config"],
  ["sagemaker:UpdateEndpoint", "endpoint-config"],
  ["sagemaker:DeleteEndpointConfig", "endpoint-config"],
  ["sagemaker:DescribeModel", "model"],
  ["sagemaker:DeleteModel", "model"],
  ["sagemaker:DescribeTrainingJob", "training-job"],
  ["sagemaker:StopTrainingJob", "training-job"],
  ["sagemaker:DescribeProcessingJob", "processing-job"],
])("%s works on an own %s, and on none of another stage", (action, kind) => {
  const [own, other] = [resources(prod)[kind]!, resources(neighbour)[kind]!];
  expect(allowed(action, own, tags("Resource", prod))).not.toEqual([]);
  expect(allowed(action, other, tags("Resource", neighbour))).toEqual([]);
  // A missing resource: the service reports "not found".
  expect(allowed(action, own, {})).not.toEqual([]);
});

test.each([
  ["sagemaker:CreateEndpoint", "endpoint"],
  ["sagemaker:CreateEndpointConfig", "endpoint-config"],
  ["sagemaker:CreateModel", "model"],
  ["sagemaker:CreateTrainingJob", "training-job"],
  ["sagemaker:CreateProcessingJob", "processing-job"],
])("%s needs the tags of this app and stage", (action, kind) => {
  const resource = resources(prod)[kind]!;
  for (const one of [action, "sagemaker:AddTags"]) {
    expect(allowed(one, resource, tags("Request", prod))).not.toEqual([]);
    expect(allowed(one, resource, {})).toEqual([]);
    expect(allowed(one, resource, tags("Request", neighbour))).toEqual([]);
  }
  // A neighbour's resource cannot be tagged as own.
  const taken = { ...tags("Request", prod), ...tags("Resource", neighbour) };
  expect(allowed("sagemaker:AddTags", resources(neighbour)[kind]!, taken)).toEqual([]);
});

test("alarms of another stage's endpoints can be neither written nor deleted", () => {
  const alarms = (stage: Stage) =>
    models.flatMap(({ name }) =>
      endpointNames(stage, name).flatMap((endpoint) => [
        `TargetTracking-endpoint/${endpoint}/variant/AllTraffic-AlarmHigh-1`,
        `NoInstance-endpoint/${endpoint}`,
      ]),
    );
  const may = (action: string, alarm: string) =>
    allowed(action, `arn:aws:cloudwatch:us-east-1:000000000000:alarm:${alarm}`, {});
  for (const action of ["cloudwatch:PutMetricAlarm", "cloudwatch:DeleteAlarms"]) {
    for (const alarm of alarms(prod)) expect(may(action, alarm), alarm).not.toEqual([]);
    for (const alarm of alarms(neighbour)) expect(may(action, alarm), alarm).toEqual([]);
  }
});

test("events of endpoints are received by exact name", () => {
  const received = ofType("aws:cloudwatch/eventRule:EventRule")
    .map(({ inputs }) => JSON.parse(asProd(inputs["eventPattern"] as string)) as { detail?: any })
    .flatMap(({ detail }) => (detail?.EndpointName ?? []) as string[]);
  expect(received.toSorted()).toEqual(models.flatMap(({ name }) => endpointNames(prod, name)).toSorted());
});

test("an event pattern fits into EventBridge's size, also at a long stage", () => {
  const longest = 63;
  for (const { inputs } of ofType("aws:cloudwatch/eventRule:EventRule")) {
    const pattern = inputs["eventPattern"] as string;
    const stretched = pattern.replaceAll(/sluice-local-[\w-]+/g, "x".repeat(longest));
    expect(stretched.length).toBeLessThan(2_048);
  }
});
