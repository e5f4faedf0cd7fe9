import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import type { Graph } from "@sluice/local/kernel/graph.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { committedGraph, startStage, type Stage } from "../support/cloud.ts";
import { sampleOf } from "../support/sample.ts";
import { expectErrorLog } from "../support/error-log.ts";

let stage: Stage;
let picture: Buffer;
beforeAll(async () => {
  const graph = committedGraph();
  forbid(graph, "CatsInferRole", "sagemaker:InvokeEndpoint");
  forbid(graph, "VehiclesInferRole", "s3:PutObject");
  forbid(graph, "DronesInferRole", "s3:GetObjectVersion");
  forbid(graph, "BlueprintsInferRole", "dynamodb:UpdateItem");
  stage = await startStage(graph);
  picture = (await sampleOf("vehicles", 9)).bytes;
  // What is forbidden to the others comes before an endpoint is asked.
  await stage.deploy("vehicles");
}, 120_000);
afterAll(() => stage.dispose());

/** As if nobody had granted this action to the function. */
function forbid(graph: Graph, name: string, action: string) {
  const role = graph.resources.find((resource) => resource.name === name)!;
  const policies = role.inputs["inlinePolicies"] as { policy: string }[];
  for (const entry of policies) {
    const policy = JSON.parse(entry.policy) as { Statement: { Action: string | string[] }[] };
    policy.Statement = policy.Statement.map((statement) => ({
      ...statement,
      Action: [statement.Action].flat().filter((one) => one !== action),
    })).filter(({ Action }) => Action.length > 0);
    entry.policy = JSON.stringify(policy);
  }
}

test.each([
  ["cats", "sagemaker:InvokeEndpoint", "ENDPOINT_FORBIDDEN", "endpoint/sluice-local-cats-serverless"],
  ["vehicles", "s3:PutObject", "STORAGE_FORBIDDEN", "predictions/vehicles/"],
  ["drones", "s3:GetObjectVersion", "STORAGE_FORBIDDEN", "uploads/drones/denied.jpg"],
])(
  "%s without %s: a prediction fails and its error names action and resource",
  async (model, action, code, resource) => {
    expectErrorLog(new RegExp(`"code":"${code}"`));
    const { idFor } = await stage.upload(`uploads/${model}/denied.jpg`, picture);
    const { status, error } = await stage.prediction(idFor(model));
    expect(status).toBe("failed");
    expect(error).toMatchObject({ code, hint: expect.stringMatching(/infra/) });
    expect(error!.message).toContain(action);
    expect(error!.message).toContain(resource);
  },
);

test("without dynamodb:UpdateItem the function's own log names action and table", async () => {
  expectErrorLog(/dynamodb:UpdateItem/);
  await stage.upload("uploads/blueprints/denied.jpg", picture);
  const logs = new CloudWatchLogsClient({});
  const logGroupName = "/aws/lambda/sluice-local-BlueprintsInferFunction";
  const said = async () => {
    const { events } = await logs.send(
      new FilterLogEventsCommand({ logGroupName, filterPattern: '"not authorized"' }),
    );
    return events?.[0]?.message;
  };
  await expect.poll(said, { timeout: 20_000 }).toMatch(/dynamodb:UpdateItem.*table\//s);
});
