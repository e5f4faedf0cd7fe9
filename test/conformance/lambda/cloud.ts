// A cloud with a few functions, as the graph would declare them.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startCloud, type Cloud } from "@sluice/local/cloud.ts";
import type { Graph, Resource } from "@sluice/local/kernel/graph.ts";
import { printErrors, printFunctionErrors } from "@sluice/local/kernel/testing-log.ts";
import { allPlugins } from "@sluice/local/plugins.ts";

export const ROOT = path.resolve(import.meta.dirname, "../../..");

const LOGGING = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";

export async function functionCloud(): Promise<Cloud & { dispose(): Promise<void> }> {
  const dir = mkdtempSync(path.join(tmpdir(), "cloud-"));
  const cloud = await startCloud({
    root: ROOT,
    dir,
    port: 0,
    graph: functionGraph(),
    plugins: printFunctionErrors(allPlugins),
    log: printErrors,
  });
  return Object.assign(cloud, {
    async dispose() {
      await cloud.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  });
}

export function functionGraph(): Graph {
  const use = (actions: string[]) => ({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: actions, Resource: ["${Jobs.arn}"] }],
  });
  const queue = { variables: { QUEUE_URL: "${Jobs.url}" } };
  return {
    version: 1,
    app: "conformance",
    stage: "local",
    resources: [
      { name: "Jobs", type: "aws:sqs/queue:Queue", inputs: { name: "jobs", visibilityTimeoutSeconds: 60 } },
      ...lambdaFunction("Echo"),
      ...lambdaFunction("Send", { environment: queue }, use(["sqs:SendMessage"])),
      ...lambdaFunction("Forbidden", { environment: queue }),
      ...lambdaFunction(
        "Consume",
        {},
        use(["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]),
      ),
      ...lambdaFunction("Spin", { timeout: 60 }),
      {
        name: "ConsumeMapping",
        type: "aws:lambda/eventSourceMapping:EventSourceMapping",
        inputs: { eventSourceArn: "${Jobs.arn}", functionName: "${Consume.name}", batchSize: 10 },
      },
    ],
    functions: Object.fromEntries(
      Object.entries({ Echo: "echo", Send: "send", Forbidden: "send", Consume: "consume", Spin: "spin" }).map(
        ([name, file]) => [name, { handler: `test/conformance/lambda/handlers/${file}.handler`, links: {} }],
      ),
    ),
  };
}

function lambdaFunction(name: string, inputs: Record<string, unknown> = {}, policy?: object): Resource[] {
  const role = {
    name: `${name}-role`,
    assumeRolePolicy: "{}",
    managedPolicyArns: [LOGGING],
    inlinePolicies: policy ? [{ name: "inline", policy: JSON.stringify(policy) }] : [],
  };
  return [
    { name: `${name}Role`, type: "aws:iam/role:Role", inputs: role },
    {
      name,
      type: "aws:lambda/function:Function",
      inputs: { name, role: `\${${name}Role.arn}`, memorySize: 256, timeout: 20, ...inputs },
    },
    {
      name: `${name}Logs`,
      type: "aws:cloudwatch/logGroup:LogGroup",
      inputs: { name: `/aws/lambda/${name}` },
    },
  ];
}
