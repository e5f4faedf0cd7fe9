import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startStage, type Stage } from "../support/cloud.ts";
import { sampleOf } from "../support/sample.ts";

let stage: Stage;
let endpoint: string;
beforeAll(async () => {
  stage = await startStage();
  endpoint = await stage.deploy("vehicles");
}, 120_000);
afterAll(() => stage.dispose());

test("an upload becomes a record, a result, a capture and an answer of the API", async () => {
  const { bytes, label } = await sampleOf("vehicles", 1);
  const { key, versionId, idFor } = await stage.upload("uploads/vehicles/one.jpg", bytes);
  const found = await stage.prediction(idFor("vehicles"));
  expect(found).toMatchObject({
    status: expect.stringMatching(/^(completed|rejected)$/),
    attempts: 1,
    source: { key, versionId, contentType: "image/jpeg" },
    summary: { class: label },
  });

  const answer = await stage.api(`/predictions/${found.id}`);
  expect(await answer.json()).toMatchObject({ id: found.id, status: found.status });
  const result = await (await stage.api(`/predictions/${found.id}/result`)).json();
  expect(result).toMatchObject({ id: found.id, class: label, image: { width: expect.any(Number) } });
  expect(result.probabilities).toHaveLength(5);
  const listed = await (await stage.api("/predictions?model=vehicles")).json();
  expect(listed.items.map(({ id }: { id: string }) => id)).toEqual([found.id]);

  const captured = await stage.s3.send(
    new ListObjectsV2Command({ Bucket: stage.results, Prefix: "capture/" }),
  );
  const file = await stage.s3.send(
    new GetObjectCommand({ Bucket: stage.results, Key: captured.Contents![0]!.Key! }),
  );
  expect(JSON.parse(await file.Body!.transformToString())).toMatchObject({
    eventMetadata: { inferenceId: found.id },
  });

  // Both programs that worked on it can be followed by the prediction's id.
  const logs = new CloudWatchLogsClient({});
  for (const logGroupName of [
    "/aws/lambda/sluice-local-VehiclesInferFunction",
    `/aws/sagemaker/Endpoints/${endpoint}`,
  ]) {
    const lines = () =>
      logs.send(new FilterLogEventsCommand({ logGroupName, filterPattern: `"${found.id}"` }));
    await expect.poll(async () => (await lines()).events?.length).toBeGreaterThan(0);
  }
});
