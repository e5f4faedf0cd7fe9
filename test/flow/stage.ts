// A stage for the domain alone: its table and queues on the embedded cloud over the wire, its other edges as the test says.
import { dynamodb } from "@sluice/local/service/dynamodb/plugin.ts";
import { sqs } from "@sluice/local/service/sqs/plugin.ts";
import { testCloud, type TestCloud } from "@sluice/local/kernel/testing-cloud.ts";

const keys = ["pk", "sk", "gsi1pk", "gsi1sk", "gsi2pk", "gsi2sk", "gsi3pk", "gsi3sk", "gsi4pk", "gsi4sk"];
export const tableResource = {
  name: "Table",
  type: "aws:dynamodb/table:Table",
  inputs: {
    name: "sluice",
    billingMode: "PAY_PER_REQUEST",
    hashKey: "pk",
    rangeKey: "sk",
    attributes: keys.map((name) => ({ name, type: "S" })),
    globalSecondaryIndexes: ["gsi1", "gsi2", "gsi3", "gsi4"].map((name) => ({
      name,
      hashKey: `${name}pk`,
      rangeKey: `${name}sk`,
      projectionType: "ALL",
    })),
  },
};
const queues = ["vehicles", "alerts"].map((name) => ({
  name,
  type: "aws:sqs/queue:Queue",
  inputs: { name },
}));

export async function stage(): Promise<TestCloud & { queueUrl: string }> {
  const cloud = await testCloud({
    plugins: [dynamodb, sqs],
    graph: { resources: [tableResource, ...queues] },
  });
  const urlOf = (name: string) => `${cloud.endpoint}/000000000000/${name}`;
  const queueUrl = urlOf("vehicles");
  const links: Record<string, object> = {
    App: { name: "sluice", stage: "test" },
    Table: { name: "sluice" },
    Bus: { name: "bus" },
    UploadsBucket: { name: "uploads" },
    ResultsBucket: { name: "results" },
    ArtifactsBucket: { name: "artifacts" },
    VehiclesQueue: { url: queueUrl },
    AlertQueue: { url: urlOf("alerts") },
    Page: { domain: "page.test" },
  };
  for (const [name, value] of Object.entries(links))
    process.env[`SST_RESOURCE_${name}`] = JSON.stringify(value);
  Object.assign(process.env, cloud.environment);
  process.env.SLUICE_LOG_LEVEL = "ERROR";
  return { ...cloud, queueUrl };
}
