import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startStage, type Stage } from "../support/cloud.ts";
import { sampleOf } from "../support/sample.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
  await stage.deploy("vehicles");
}, 120_000);
afterAll(() => stage.dispose());

test("an upload becomes a record, a result, a capture and an answer of the API", async () => {
  const { bytes, label } = await sampleOf("vehicles", 1);
  const { key, versionId, idFor } = await stage.upload("uploads/vehicles/one.jpg", bytes);
  const found = await stage.until(idFor("vehicles"));
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

  const results = JSON.parse(process.env["SST_RESOURCE_ResultsBucket"]!).name;
  const captured = await stage.s3.send(new ListObjectsV2Command({ Bucket: results, Prefix: "capture/" }));
  const file = await stage.s3.send(
    new GetObjectCommand({ Bucket: results, Key: captured.Contents![0]!.Key! }),
  );
  expect(JSON.parse(await file.Body!.transformToString())).toMatchObject({
    eventMetadata: { inferenceId: found.id },
  });
  expect(stage.problems).toEqual([]);
});
