// What EventBridge and SQS may do to messages, done to many of them by seed: it must change nothing.
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { graphWithoutSchedules, startStage, type Stage } from "../support/cloud.ts";
import { holds } from "../support/queue.ts";
import { sampleOf } from "../support/sample.ts";
import { until } from "../support/until.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await startStage(graphWithoutSchedules());
  await stage.deploy("vehicles");
}, 120_000);
afterAll(() => stage.dispose());

const UPLOADS = 40;
/** Longer than a lease, which a repeated message waits for when the first is being worked on. */
const LATER_MS = 10 * 60_000;

test("duplicated, late and reordered deliveries end in one record, one result and one attempt each", async () => {
  await stage.faults(
    ...["events:deliver", "sqs:deliver"].flatMap((point, index) => [
      { point, kind: "duplicate", rate: 0.4, seed: 10 + index },
      { point, kind: "reorder", ms: 700, rate: 0.4, seed: 20 + index },
      { point, kind: "delay", ms: 1_500, rate: 0.3, seed: 30 + index },
    ]),
  );
  const pictures = await Promise.all(Array.from({ length: 4 }, (_, index) => sampleOf("vehicles", index)));
  const uploads = await Promise.all(
    Array.from({ length: UPLOADS }, (_, index) =>
      stage.upload(`uploads/vehicles/disorder-${index}.jpg`, pictures[index % 4]!.bytes),
    ),
  );
  const found = await Promise.all(uploads.map(({ idFor }) => stage.prediction(idFor("vehicles"))));
  expect(found.map(({ attempts }) => attempts)).toEqual(found.map(() => 1));
  expect(found.map(({ summary }) => summary?.class)).toEqual(
    found.map((_, index) => pictures[index % 4]!.label),
  );

  // All the repetitions are dealt with in the end, and then everything is as it was.
  await until(async () => {
    await stage.shift(LATER_MS);
    await holds(stage.sqs, stage.queueUrl("vehicles"), 0, 1_000);
  });
  await holds(stage.sqs, stage.deadLettersUrl("vehicles"), 0);
  const again = await Promise.all(found.map(({ id }) => stage.prediction(id)));
  expect(again).toEqual(found);

  const list = (Prefix: string) => stage.s3.send(new ListObjectsV2Command({ Bucket: stage.results, Prefix }));
  expect((await list("predictions/")).KeyCount).toBe(UPLOADS);
  const captures = await Promise.all(
    ((await list("capture/")).Contents ?? []).map(async ({ Key }) => {
      const { Body } = await stage.s3.send(new GetObjectCommand({ Bucket: stage.results, Key }));
      return (await Body!.transformToString()).trim().split("\n");
    }),
  );
  const captured = captures.flat().map((line) => JSON.parse(line).eventMetadata.inferenceId as string);
  expect(captured.toSorted()).toEqual(found.map(({ id }) => id).toSorted());
}, 120_000);
