// Deployments of `vehicles` against a simulated SageMaker, for tests that play each event themselves.
import { InvokeEndpointCommand } from "@aws-sdk/client-sagemaker-runtime";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { db } from "@sluice/core/db.ts";
import { advanceDeployment } from "@sluice/core/deployment/advance.ts";
import { getDeployment } from "@sluice/core/deployment/read.ts";
import { provision } from "@sluice/core/deployment/request.ts";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { mockClient } from "aws-sdk-client-mock";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { answer, edges, png } from "./edges.ts";
import { simulateSageMaker } from "./simulated-sagemaker.ts";
import { stage } from "./stage.ts";

export const model = "vehicles";
export const endpoint = "sluice-test-vehicles-serverless";
export const candidate = `${endpoint}-next`;
export const MINUTE = 60_000;

const digestOf = (word: string) => word.repeat(64).slice(0, 64);
export const versionOf = (config: string) => digestOf(config.split("-").at(-2)![0]!).slice(0, 12);

/** What happens to a deployment: a number is that many events at once. */
export type Happening = number | "changes finish" | "a minute";

/** Before each test, nothing is deployed. */
export function deployments() {
  let cloud: Awaited<ReturnType<typeof stage>>;
  const time = { now: 0 };
  const clock = () => time.now;
  const { objects, models, works } = edges();
  const queues = mockClient(SQSClient);
  // Alarms and log groups are tested over the wire in targets.test.ts.
  mockClient(CloudWatchClient).onAnyCommand().resolves({});
  mockClient(CloudWatchLogsClient).onAnyCommand().resolves({});
  const sagemaker = simulateSageMaker(
    () => (time.now += 10),
    (config) => `s3://artifacts/${versionOf(config)}`,
  );
  const { endpoints, finishChanges, reset } = sagemaker;

  async function registered(word: string) {
    const digest = digestOf(word);
    const version = digest.slice(0, 12);
    const at = new Date(time.now).toISOString();
    await db()
      .entities.modelVersion.put({
        model,
        version,
        digest,
        packageUri: `s3://artifacts/${version}`,
        bytes: 1,
        manifest: {
          task: "image-classification",
          classes: ["car", "truck", "bus", "motorcycle", "bicycle"],
          head: "softmax",
        },
        source: "uploaded",
        evaluation: "none",
        sample: { key: "sample", contentType: "image/png" },
        status: "accepted",
        createdAt: at,
        changedAt: at,
      })
      .go();
    return version;
  }

  beforeAll(async () => {
    cloud = await stage();
    process.env.SST_RESOURCE_Hosting = JSON.stringify({
      roleArn: "arn:role",
      serveImage: "image",
      logDays: "7",
    });
    process.env.SST_RESOURCE_Alarms = JSON.stringify({ arn: "arn:alarms" });
  });
  afterAll(() => cloud.dispose());
  beforeEach(async () => {
    works();
    models.on(InvokeEndpointCommand).callsFake(({ EndpointName }) => {
      const { config } = endpoints.get(EndpointName)!;
      return { Body: Buffer.from(JSON.stringify({ ...answer(0.97), version: versionOf(config) })) };
    });
    queues.on(SendMessageBatchCommand).resolves({});
    objects.on(GetObjectCommand).callsFake(() => ({
      Body: { transformToByteArray: () => Promise.resolve(png(8, 8)) },
    }));
    await forget();
  });

  async function forget() {
    reset();
    time.now = Date.parse("2026-11-21T08:00:00Z");
    await db().entities.traffic.delete({ model }).go();
    const { data } = await db().entities.deployment.query.byTime({ model }).go({ pages: "all" });
    for (const { id } of data) await db().entities.deployment.delete({ id }).go();
  }

  /** Deploys with every event in time. */
  async function deploy(version: string) {
    const { deployment } = await provision({ model, version }, "test", time.now);
    for (let turn = 0; turn < 5; turn++) {
      await advanceDeployment(model, clock);
      finishChanges();
    }
    return getDeployment(deployment!.id);
  }

  async function happen(list: Happening[]) {
    for (const what of list) {
      if (what === "changes finish") finishChanges();
      else if (what === "a minute") time.now += MINUTE;
      else await Promise.all(Array.from({ length: what }, () => advanceDeployment(model, clock)));
    }
    // In the end the schedule advances every running deployment.
    for (let turn = 0; turn < 8; turn++) {
      finishChanges();
      time.now += MINUTE;
      await advanceDeployment(model, clock);
    }
  }

  return { ...sagemaker, time, clock, registered, forget, deploy, happen };
}
