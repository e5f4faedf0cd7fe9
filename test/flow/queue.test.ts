import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { InvokeEndpointCommand } from "@aws-sdk/client-sagemaker-runtime";
import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { onChange } from "@sluice/core/endpoint/on-change.ts";
import { sqs } from "@sluice/core/aws/sqs.ts";
import { model } from "@sluice/core/model/model.ts";
import { processBatch } from "@sluice/core/prediction/batch.ts";
import { resultOf } from "@sluice/core/prediction/document.ts";
import type { Delivery } from "@sluice/core/prediction/group.ts";
import { predictionId } from "@sluice/core/prediction/id.ts";
import { list } from "@sluice/core/prediction/list.ts";
import { fromId } from "@sluice/core/prediction/record.ts";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { answer, delivery, edges, failure, png } from "./edges.ts";
import { stage } from "./stage.ts";
import { expectErrorLog } from "../support/error-log.ts";

let cloud: Awaited<ReturnType<typeof stage>>;
const { objects, models, bus, works, events, keys } = edges();
beforeAll(async () => {
  cloud = await stage();
});
afterAll(() => cloud.dispose());
beforeEach(works);

let clock = Date.parse("2026-11-21T04:00:01Z");
const slept: number[] = [];
const printed: string[] = [];
const around = {
  print: (line: string) => void printed.push(line),
  now: () => clock++,
  random: () => 1,
  sleep: (ms: number) => {
    slept.push(ms);
    clock += ms;
    return Promise.resolve();
  },
};
const run = (deliveries: Delivery[]) =>
  processBatch(
    model("vehicles"),
    deliveries,
    { deadline: clock + 60_000, maxReceives: 5, concurrency: 5 },
    around,
  );
const id = (key: string) => predictionId({ bucket: "uploads", key, versionId: "v1", model: "vehicles" });
const record = (key: string) => fromId(id(key));

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
    expect(await resultOf(found)).toMatchObject({ class: "car", probability: 0.97, gate: { passed: true } });
  });

  test.each([0.97, 0.7])(
    "costs at most four paid calls in a full batch of ten as sure as %d",
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

  test("below the gate is rejected, kept and flagged for review", async () => {
    models.on(InvokeEndpointCommand).callsFake(() => ({ Body: Buffer.from(JSON.stringify(answer(0.5))) }));
    const one = delivery("uploads/vehicles/doubt.jpg");
    await run([one]);
    const found = await record("uploads/vehicles/doubt.jpg");
    expect(found).toMatchObject({
      status: "rejected",
      review: { status: "open", reason: "rejected", openedAt: found.finishedAt },
    });
    const said = [
      { type: "prediction.rejected", detail: { id: found.id } },
      {
        type: "review.requested",
        detail: { id: found.id, reason: "rejected", summary: { confidence: 0.5 } },
      },
    ];
    expect(events()).toMatchObject(said);
    // Whoever ended it may have died before saying so: both are said again.
    await run([{ ...one, receives: 2 }]);
    expect(events()).toMatchObject([...said, ...said]);
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

  test("is announced again when its first announcer may have died", async () => {
    const key = "uploads/vehicles/silent.jpg";
    bus.on(PutEventsCommand).resolves({ FailedEntryCount: 1, Entries: [{ ErrorCode: "InternalFailure" }] });
    const first = delivery(key);
    expect(await run([first])).toEqual([first.messageId]);
    bus.on(PutEventsCommand).resolves({ FailedEntryCount: 0 });
    expect(await run([{ ...first, receives: 2 }])).toEqual([]);
    expect(models.commandCalls(InvokeEndpointCommand)).toHaveLength(1);
    expect(events().at(-1)).toMatchObject({ type: "prediction.completed", detail: { id: id(key) } });
  });

  test("before its endpoint waits as pending and is released when the endpoint is in service", async () => {
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
    expect(events()).toEqual([]);
    works();
    const seen = {
      name: "sluice-test-vehicles-serverless",
      status: "InService" as const,
      config: "c",
      modifiedAt: clock,
    };
    await onChange(seen, clock);
    const { Messages } = await sqs().send(new ReceiveMessageCommand({ QueueUrl: cloud.queueUrl }));
    expect(Messages).toHaveLength(1);
    expect(
      await run([{ messageId: "released", receiptHandle: "r", body: Messages![0]!.Body!, receives: 1 }]),
    ).toEqual([]);
    const done = await record(key);
    expect(done).toMatchObject({ status: "completed", attempts: 2 });
    expect(done.error).toBeUndefined();
  });

  test("that fails in passing is retried in place after 1, 2 and 4 seconds, then by the queue, then failed", async () => {
    expectErrorLog(/"code":"ENDPOINT_UNAVAILABLE"/);
    const key = "uploads/vehicles/busy.jpg";
    models.on(InvokeEndpointCommand).rejects(failure("ServiceUnavailable"));
    slept.length = 0;
    const one = delivery(key);
    expect(await run([one])).toEqual([one.messageId]);
    expect(slept).toEqual([1_000, 2_000, 4_000]);
    expect(await record(key)).toMatchObject({
      status: "processing",
      error: { code: "ENDPOINT_UNAVAILABLE" },
    });
    expect(await run([{ ...one, receives: 5 }])).toEqual([one.messageId]);
    expect(await record(key)).toMatchObject({ status: "failed", attempts: 2, error: { retryable: true } });
    works();
    expect(await run([delivery(key)])).toEqual([]);
    expect(await record(key)).toMatchObject({ status: "completed", attempts: 3 });
  });

  test("whose model fails is failed at once, not retried, and its message goes to the dead letters", async () => {
    expectErrorLog(/"code":"MODEL_FAILED"/);
    const key = "uploads/vehicles/poison.jpg";
    const poison = { OriginalStatusCode: 500, OriginalMessage: '{"code":"MODEL_FAILED","message":"boom"}' };
    models.on(InvokeEndpointCommand).rejects(failure("ModelError", "Received server error", poison));
    const one = delivery(key);
    expect(await run([one])).toEqual([one.messageId]);
    expect(await run([{ ...one, receives: 2 }])).toEqual([one.messageId]);
    expect(models.commandCalls(InvokeEndpointCommand)).toHaveLength(1);
    expect(await record(key)).toMatchObject({ status: "failed", error: { code: "MODEL_FAILED" } });
  });

  test("overwritten or deleted in flight says so and is done with", async () => {
    objects.on(GetObjectCommand).rejects(failure("NoSuchVersion"));
    expect(await run([delivery("uploads/vehicles/gone.jpg")])).toEqual([]);
    expect(await record("uploads/vehicles/gone.jpg")).toMatchObject({
      status: "failed",
      error: { code: "OBJECT_GONE" },
    });
    objects.on(GetObjectCommand).rejects(failure("PreconditionFailed"));
    await run([delivery("uploads/vehicles/changed.jpg")]);
    expect(await record("uploads/vehicles/changed.jpg")).toMatchObject({ error: { code: "OBJECT_CHANGED" } });
  });

  test("whose bucket is missing is the system's failure: retried, then failed, and redrivable", async () => {
    expectErrorLog(/"code":"BUCKET_MISSING"/);
    const key = "uploads/vehicles/homeless.jpg";
    objects.on(GetObjectCommand).rejects(failure("NoSuchBucket", "NoSuchBucket"));
    const one = delivery(key);
    expect(await run([one])).toEqual([one.messageId]);
    expect(await run([{ ...one, receives: 5 }])).toEqual([one.messageId]);
    expect(await record(key)).toMatchObject({
      status: "failed",
      attempts: 2,
      error: { code: "BUCKET_MISSING", retryable: true },
    });
    works();
    expect(await run([delivery(key)])).toEqual([]);
    expect(await record(key)).toMatchObject({ status: "completed", attempts: 3 });
  });

  test("that is no event goes to the dead letters and harms no neighbour", async () => {
    expectErrorLog(/"code":"EVENT_INVALID"/);
    const good = delivery("uploads/vehicles/neighbour.jpg");
    expect(await run([{ messageId: "junk", receiptHandle: "r", body: "{", receives: 1 }, good])).toEqual([
      "junk",
    ]);
    expect(await record("uploads/vehicles/neighbour.jpg")).toMatchObject({ status: "completed" });
  });

  test("whose worker died is taken over when its message returns, by another when the lease ends, not before", async () => {
    const { claim } = await import("@sluice/core/prediction/claim.ts");
    const { candidateOf } = await import("@sluice/core/prediction/candidate.ts");
    const { parseArrival } = await import("@sluice/core/upload/arrival.ts");
    const die = async (key: string) => {
      const { messageId, receiptHandle, body } = delivery(key);
      const wanted = { ...candidateOf(model("vehicles"), parseArrival(body)), firstReceive: true };
      const by = { holder: "dead", leaseUntil: clock + 60_000, now: clock };
      await claim([{ ...wanted, messageId, receives: 1 }], by);
      return { messageId, receiptHandle, body };
    };
    const returned = await die("uploads/vehicles/crash.jpg");
    const copy = { ...returned, receives: 1 };
    expect(await run([copy])).toEqual([copy.messageId]);
    expect(await run([{ ...returned, receives: 2 }])).toEqual([]);
    expect(await record("uploads/vehicles/crash.jpg")).toMatchObject({ status: "completed", attempts: 2 });

    const other = { ...(await die("uploads/vehicles/lost.jpg")), messageId: "other" };
    expect(await run([{ ...other, receives: 2 }])).toEqual(["other"]);
    clock += 120_000;
    expect(await run([{ ...other, receives: 3 }])).toEqual([]);
    expect(await record("uploads/vehicles/lost.jpg")).toMatchObject({ status: "completed", attempts: 2 });
  });

  test("with too many pixels is refused before any model is asked", async () => {
    objects
      .on(GetObjectCommand)
      .callsFake(() => ({ Body: { transformToByteArray: () => Promise.resolve(png(60_000, 60_000)) } }));
    await run([delivery("uploads/vehicles/bomb.png")]);
    expect(models.commandCalls(InvokeEndpointCommand)).toHaveLength(0);
    expect(await record("uploads/vehicles/bomb.png")).toMatchObject({ error: { code: "IMAGE_TOO_LARGE" } });
  });
});

describe("A list", () => {
  test("walks days by cursor, newest first, each once, and filters by status and confidence", async () => {
    for (const day of ["2026-11-18", "2026-11-19"]) {
      const times = [1, 2, 3].map((second) =>
        delivery(`uploads/vehicles/${day}-${second}.jpg`, 1, `${day}T00:00:0${second}Z`),
      );
      await run(times);
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await list({ model: "vehicles", limit: 4, to: "2026-11-20T00:00:00Z", cursor });
      seen.push(...page.items.map((item) => item.createdAt));
      cursor = page.cursor;
    } while (cursor);
    expect(seen).toHaveLength(6);
    expect(seen).toEqual(seen.toSorted().toReversed());
    const rejected = await list({ model: "vehicles", status: "rejected", maxConfidence: 0.6 });
    expect(rejected.items.map((item) => item.status)).toEqual(["rejected"]);
    await expect(list({ model: "vehicles", cursor: "nonsense" })).rejects.toMatchObject({
      code: "CURSOR_INVALID",
    });
  });
});
