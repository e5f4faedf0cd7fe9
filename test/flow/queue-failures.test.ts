// Failures of uploads as `<Model>Infer` processes them: which are retried, and which end at once.
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { InvokeEndpointCommand } from "@aws-sdk/client-sagemaker-runtime";
import { getModel } from "@sluice/core/model/model.ts";
import { describe, expect, test } from "vitest";
import { batchTests } from "./batch.ts";
import { delivery, failure, png } from "./edges.ts";
import { expectErrorLog } from "../support/error-log.ts";

const { time, delays, objects, models, works, run, record } = batchTests();

describe("An upload of the queue", () => {
  test("that fails temporarily is retried after 1, 2 and 4 seconds, then by the queue, and fails in the end", async () => {
    expectErrorLog(/"code":"ENDPOINT_UNAVAILABLE"/);
    const key = "uploads/vehicles/busy.jpg";
    models.on(InvokeEndpointCommand).rejects(failure("ServiceUnavailable"));
    delays.length = 0;
    const one = delivery(key);
    expect(await run([one])).toEqual([one.messageId]);
    expect(delays).toEqual([1_000, 2_000, 4_000]);
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

  test("whose model fails is not retried, and its message becomes a dead letter", async () => {
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

  test("overwritten or deleted in flight fails with that reason, without a dead letter", async () => {
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

  test("whose bucket is missing is a system error: retried, then failed, and completed after a redrive", async () => {
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

  test("with an invalid message leaves that message for the dead-letter queue, and completes the others", async () => {
    expectErrorLog(/"code":"EVENT_INVALID"/);
    const good = delivery("uploads/vehicles/neighbour.jpg");
    expect(await run([{ messageId: "junk", receiptHandle: "r", body: "{", receives: 1 }, good])).toEqual([
      "junk",
    ]);
    expect(await record("uploads/vehicles/neighbour.jpg")).toMatchObject({ status: "completed" });
  });

  test("whose worker died is claimed again when its message returns, and by another message only after the lease", async () => {
    const { claimPredictions } = await import("@sluice/core/prediction/claim.ts");
    const { newPrediction } = await import("@sluice/core/prediction/new-prediction.ts");
    const { parseArrival } = await import("@sluice/core/upload/arrival.ts");
    const die = async (key: string) => {
      const { messageId, receiptHandle, body } = delivery(key);
      const wanted = { ...newPrediction(getModel("vehicles"), parseArrival(body)), firstReceive: true };
      const by = { holder: "dead", leaseUntil: time.now + 60_000, now: time.now };
      await claimPredictions([{ ...wanted, messageId, receives: 1 }], by);
      return { messageId, receiptHandle, body };
    };
    const returned = await die("uploads/vehicles/crash.jpg");
    const copy = { ...returned, receives: 1 };
    expect(await run([copy])).toEqual([copy.messageId]);
    expect(await run([{ ...returned, receives: 2 }])).toEqual([]);
    expect(await record("uploads/vehicles/crash.jpg")).toMatchObject({ status: "completed", attempts: 2 });

    const other = { ...(await die("uploads/vehicles/lost.jpg")), messageId: "other" };
    expect(await run([{ ...other, receives: 2 }])).toEqual(["other"]);
    time.now += 120_000;
    expect(await run([{ ...other, receives: 3 }])).toEqual([]);
    expect(await record("uploads/vehicles/lost.jpg")).toMatchObject({ status: "completed", attempts: 2 });
  });

  test("with too many pixels fails before any model is invoked", async () => {
    objects
      .on(GetObjectCommand)
      .callsFake(() => ({ Body: { transformToByteArray: () => Promise.resolve(png(60_000, 60_000)) } }));
    await run([delivery("uploads/vehicles/bomb.png")]);
    expect(models.commandCalls(InvokeEndpointCommand)).toHaveLength(0);
    expect(await record("uploads/vehicles/bomb.png")).toMatchObject({ error: { code: "IMAGE_TOO_LARGE" } });
  });
});
