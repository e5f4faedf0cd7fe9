// Uploads as `<Model>Infer` processes them: records, results, captures, events, and lists.
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { InvokeEndpointCommand } from "@aws-sdk/client-sagemaker-runtime";
import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { handleEndpointChange } from "@sluice/core/endpoint/on-change.ts";
import { sqs } from "@sluice/core/aws/sqs.ts";
import { readResult } from "@sluice/core/prediction/document.ts";
import { listPredictions } from "@sluice/core/prediction/list.ts";
import { describe, expect, test } from "vitest";
import { batchTests } from "./batch.ts";
import { answer, delivery, failure } from "./edges.ts";

const { cloud, time, objects, models, bus, works, events, keys, printed, run, id, record } = batchTests();

describe("An upload of the queue", () => {
  test("becomes a completed record, a result, a capture and an event", async () => {
    const key = "uploads/vehicles/a b+c%20é.jpg";
    expect(await run([delivery(key)])).toEqual([]);
    const found = await record(key);
    expect(found).toMatchObject({
      status: "completed",
      attempts: 1,
      modelVersion: "v1",
      summary: { class: "car", confidence: 0.97, threshold: 0.93 },
      source: { key, versionId: "v1", contentType: "image/png" },
      resultKey: `predictions/vehicles/2026/11/21/${id(key)}.json`,
    });
    expect(keys()).toContain(found.resultKey);
    expect(keys().find((one) => one.startsWith("capture/"))).toMatch(
      /^capture\/sluice-test-vehicles-serverless\/AllTraffic\/2026\/11\/21\/04\/.+\.jsonl$/,
    );
    expect(events()).toMatchObject([{ type: "prediction.completed", detail: { id: found.id } }]);
    expect(JSON.parse(printed.at(-1)!)).toMatchObject({
      model: "vehicles",
      prediction: found.id,
      confidence: [0.97],
      "class.car": 1,
    });
    const stored = objects.commandCalls(PutObjectCommand)[0]!.args[0].input.Body as string;
    objects
      .on(GetObjectCommand)
      .callsFake(() => ({ Body: { transformToString: () => Promise.resolve(stored) } }));
    expect(await readResult(found)).toMatchObject({
      class: "car",
      probability: 0.97,
      gate: { passed: true },
    });
  });

  test.each([0.97, 0.7])(
    "costs at most four paid calls in a full batch of ten with the confidence %d",
    async (sure) => {
      models.on(InvokeEndpointCommand).callsFake(() => ({ Body: Buffer.from(JSON.stringify(answer(sure))) }));
      let table = 0;
      const { dynamo } = await import("@sluice/core/aws/dynamo.ts");
      dynamo().middlewareStack.add(
        (next) => (args) => {
          table += 1;
          return next(args);
        },
        { step: "initialize", name: "count", override: true },
      );
      expect(
        await run(
          Array.from({ length: 10 }, (_, index) => delivery(`uploads/vehicles/ten-${sure}-${index}.jpg`)),
        ),
      ).toEqual([]);
      const calls = table + objects.calls().length + models.calls().length + bus.calls().length;
      expect(calls).toBeLessThanOrEqual(40);
      expect(table).toBe(2);
    },
  );

  test("below the threshold is rejected and opens a review", async () => {
    models.on(InvokeEndpointCommand).callsFake(() => ({ Body: Buffer.from(JSON.stringify(answer(0.5))) }));
    const one = delivery("uploads/vehicles/doubt.jpg");
    await run([one]);
    const found = await record("uploads/vehicles/doubt.jpg");
    expect(found).toMatchObject({
      status: "rejected",
      review: { status: "open", reason: "rejected", openedAt: found.finishedAt },
    });
    const expected = [
      { type: "prediction.rejected", detail: { id: found.id } },
      {
        type: "review.requested",
        detail: { id: found.id, reason: "rejected", summary: { confidence: 0.5 } },
      },
    ];
    expect(events()).toMatchObject(expected);
    // The first worker may have died before it published them, so both are published again.
    await run([{ ...one, receives: 2 }]);
    expect(events()).toMatchObject([...expected, ...expected]);
  });

  test("repeated in one batch, later, or with another event time is predicted once", async () => {
    const key = "uploads/vehicles/twice.jpg";
    expect(await run([delivery(key), delivery(key)])).toEqual([]);
    expect(await run([delivery(key)])).toEqual([]);
    expect(await run([delivery(key, 1, "2026-11-21T04:00:05Z")])).toEqual([]);
    expect(models.commandCalls(InvokeEndpointCommand)).toHaveLength(1);
    expect(events()).toHaveLength(1);
    expect(await record(key)).toMatchObject({ status: "completed", attempts: 1 });
  });

  test("publishes its event again if the first publisher may have died", async () => {
    const key = "uploads/vehicles/silent.jpg";
    bus.on(PutEventsCommand).resolves({ FailedEntryCount: 1, Entries: [{ ErrorCode: "InternalFailure" }] });
    const first = delivery(key);
    expect(await run([first])).toEqual([first.messageId]);
    bus.on(PutEventsCommand).resolves({ FailedEntryCount: 0 });
    expect(await run([{ ...first, receives: 2 }])).toEqual([]);
    expect(models.commandCalls(InvokeEndpointCommand)).toHaveLength(1);
    expect(events().at(-1)).toMatchObject({ type: "prediction.completed", detail: { id: id(key) } });
  });

  test("without an endpoint waits as pending until the endpoint is in service", async () => {
    const key = "uploads/vehicles/early.jpg";
    models
      .on(InvokeEndpointCommand)
      .rejects(
        failure(
          "ValidationError",
          "Endpoint sluice-test-vehicles-serverless of account 000000000000 not found.",
        ),
      );
    expect(await run([delivery(key)])).toEqual([]);
    expect(await record(key)).toMatchObject({ status: "pending", error: { code: "ENDPOINT_NOT_FOUND" } });
    expect(events()).toMatchObject([
      { type: "prediction.waiting", detail: { id: id(key), status: "pending" } },
    ]);
    works();
    const seen = {
      name: "sluice-test-vehicles-serverless",
      status: "InService" as const,
      config: "c",
      modifiedAt: time.now,
    };
    await handleEndpointChange(seen, time.now);
    const { Messages } = await sqs().send(new ReceiveMessageCommand({ QueueUrl: cloud().queueUrl }));
    expect(Messages).toHaveLength(1);
    expect(
      await run([{ messageId: "released", receiptHandle: "r", body: Messages![0]!.Body!, receives: 1 }]),
    ).toEqual([]);
    const done = await record(key);
    expect(done).toMatchObject({ status: "completed", attempts: 2 });
    expect(done.error).toBeUndefined();
  });
});

describe("A list", () => {
  test("pages through days newest first, each item once, and filters by status and confidence", async () => {
    for (const day of ["2026-11-18", "2026-11-19"]) {
      const times = [1, 2, 3].map((second) =>
        delivery(`uploads/vehicles/${day}-${second}.jpg`, 1, `${day}T00:00:0${second}Z`),
      );
      await run(times);
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listPredictions({ model: "vehicles", limit: 4, to: "2026-11-20T00:00:00Z", cursor });
      seen.push(...page.items.map((item) => item.createdAt));
      cursor = page.cursor;
    } while (cursor);
    expect(seen).toHaveLength(6);
    expect(seen).toEqual(seen.toSorted().toReversed());
    const rejected = await listPredictions({ model: "vehicles", status: "rejected", maxConfidence: 0.6 });
    expect(rejected.items.map((item) => item.status)).toEqual(["rejected"]);
    await expect(listPredictions({ model: "vehicles", cursor: "nonsense" })).rejects.toMatchObject({
      code: "CURSOR_INVALID",
    });
  });
});
