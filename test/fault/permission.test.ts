import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { expect, onTestFinished, test } from "vitest";
import { committedGraph, startStage } from "../support/cloud.ts";
import { sampleOf } from "../support/sample.ts";

/** The committed graph, had nobody granted this action to the function. */
function without(action: string) {
  const graph = committedGraph();
  const role = graph.resources.find(({ name }) => name === "VehiclesInferRole")!;
  const policies = role.inputs["inlinePolicies"] as { policy: string }[];
  for (const entry of policies) {
    const policy = JSON.parse(entry.policy) as { Statement: { Action: string | string[] }[] };
    policy.Statement = policy.Statement.map((statement) => ({
      ...statement,
      Action: [statement.Action].flat().filter((one) => one !== action),
    })).filter(({ Action }) => Action.length > 0);
    entry.policy = JSON.stringify(policy);
  }
  return graph;
}

/** One after the other at one address: the domain keeps its clients. */
let port = 0;

async function stageWithout(action: string) {
  const stage = await startStage(without(action), port);
  port = Number(new URL(stage.cloud.endpoint).port);
  onTestFinished(() => stage.dispose());
  return stage;
}

test.each([
  ["sagemaker:InvokeEndpoint", "ENDPOINT_FORBIDDEN", "endpoint/sluice-local-vehicles-serverless"],
  ["s3:PutObject", "STORAGE_FORBIDDEN", "predictions/vehicles/"],
  ["s3:GetObjectVersion", "STORAGE_FORBIDDEN", "uploads/vehicles/denied.jpg"],
])(
  "without %s a prediction fails and its error names action and resource",
  async (action, code, resource) => {
    const stage = await stageWithout(action);
    await stage.deploy("vehicles");
    const { idFor } = await stage.upload(
      "uploads/vehicles/denied.jpg",
      (await sampleOf("vehicles", 9)).bytes,
    );
    const { status, error } = await stage.prediction(idFor("vehicles"));
    expect(status).toBe("failed");
    expect(error).toMatchObject({ code, hint: expect.stringMatching(/infra/) });
    expect(error!.message).toContain(action);
    expect(error!.message).toContain(resource);
  },
);

test("without dynamodb:UpdateItem the function's own log names action and table", async () => {
  const stage = await stageWithout("dynamodb:UpdateItem");
  await stage.upload("uploads/vehicles/denied.jpg", (await sampleOf("vehicles", 9)).bytes);
  const logs = new CloudWatchLogsClient({});
  const logGroupName = "/aws/lambda/sluice-local-VehiclesInferFunction";
  const said = async () => {
    const { events } = await logs.send(
      new FilterLogEventsCommand({ logGroupName, filterPattern: '"not authorized"' }),
    );
    return events?.[0]?.message;
  };
  await expect.poll(said, { timeout: 20_000 }).toMatch(/dynamodb:UpdateItem.*table\//s);
});
