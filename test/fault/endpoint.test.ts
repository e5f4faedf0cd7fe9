// Every way an endpoint can fail, as fault rules: the status, the code, the message and the fix it ends in.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { graphWithoutSchedules, startStage, type Stage } from "../support/cloud.ts";
import { holds } from "../support/queue.ts";
import { sampleOf } from "../support/sample.ts";
import { until } from "../support/until.ts";
import { expectErrorLog } from "../support/error-log.ts";

let stage: Stage;
let picture: Buffer;
beforeAll(async () => {
  stage = await startStage(graphWithoutSchedules());
  await stage.deploy("vehicles");
  picture = (await sampleOf("vehicles", 6)).bytes;
}, 120_000);
afterAll(() => stage.dispose());
afterEach(async () => {
  await stage.faults();
  await stage.api("/queues/vehicles/redrive", { method: "POST" });
  await holds(stage.sqs, stage.deadLettersUrl("vehicles"), 0, 5_000);
  await holds(stage.sqs, stage.queueUrl("vehicles"), 0, 5_000);
  // What was put back is worked on now: the next test's faults must not strike it.
  for (const id of givenUp.splice(0)) {
    await until(async () => {
      const { status } = await stage.prediction(id, () => true);
      if (status === "completed" || status === "rejected") return;
      // A source that failed is polled again after a pause, by the cloud's own clock.
      if (status === "failed") await stage.shift(STEP_MS);
      throw new Error(`still ${status}`);
    }, 20_000);
  }
});

const point = "sagemaker:InvokeEndpoint";
/** So little at a time that no message under way becomes visible again. */
const STEP_MS = 30_000;

/** Predictions whose messages became dead letters, by their ids. */
const givenUp: string[] = [];
let uploads = 0;
const upload = async () => {
  uploads += 1;
  const { idFor } = await stage.upload(`uploads/vehicles/fault-${uploads}.jpg`, picture);
  return idFor("vehicles");
};
const applied = async () => {
  const answer = await fetch(`${stage.cloud.endpoint}/_cloud/faults`);
  const { rules } = (await answer.json()) as { rules: { applied: number }[] };
  return rules[0]?.applied;
};
/** Messages that a function works on. */
const held = () =>
  stage.cloud.kernel.store.get<{ count: number }>("select count(*) as count from lambda_held")!.count;
/**
 * The cloud's clock runs ahead until the queue has given all its deliveries, but stands while one is worked on: on a
 * busy machine that takes seconds, and its function's time would be over.
 */
const untilGivenUp = (id: string) =>
  until(async () => {
    if (held() === 0) await stage.shift(STEP_MS);
    const found = await stage.prediction(id, () => true);
    if (found.status !== "failed") throw new Error(`still ${found.status}`);
    return found;
  });
const model = (OriginalStatusCode: number, OriginalMessage: string) => ({
  code: "ModelError",
  status: 424,
  fields: { OriginalStatusCode, OriginalMessage },
});
const PASSING = [
  ["ServiceUnavailable", { code: "ServiceUnavailable", status: 503 }, "ENDPOINT_UNAVAILABLE"],
  ["ThrottlingException", { code: "ThrottlingException", status: 429 }, "ENDPOINT_THROTTLED"],
  ["InternalFailure", { code: "InternalFailure", status: 500 }, "ENDPOINT_INTERNAL_FAILURE"],
  ["a time-out", { code: "RequestTimeout", status: 408 }, "ENDPOINT_TIMEOUT"],
  ["a broken connection", { kind: "reset" }, "NETWORK_FAILED"],
  [
    "a model process that dies",
    model(0, "Amazon SageMaker could not get a response from the endpoint."),
    "ENDPOINT_UNAVAILABLE",
  ],
] as const;

describe("A temporary failure", () => {
  test.each(PASSING)(
    "%s, twice: the invocation is retried within one attempt and succeeds",
    async (_, fault) => {
      await stage.faults({ point, kind: "error", times: 2, ...fault });
      const found = await stage.prediction(await upload());
      expect(found).toMatchObject({ status: expect.stringMatching(/completed|rejected/), attempts: 1 });
      expect(found.error).toBeUndefined();
      expect(await applied()).toBe(2);
    },
  );

  test.each(PASSING)(
    "%s, always: the queue retries, then the prediction fails with the reason and a dead letter",
    async (_, fault, code) => {
      expectErrorLog(new RegExp(`"code":"${code}"`));
      await stage.faults({ point, kind: "error", ...fault });
      const found = await untilGivenUp(await upload());
      expect(found).toMatchObject({
        attempts: 5,
        error: { code, message: expect.stringContaining("vehicles"), hint: expect.stringMatching(/\w{4}/) },
      });
      // Four tries in each of five deliveries.
      expect(await applied()).toBe(20);
      await holds(stage.sqs, stage.deadLettersUrl("vehicles"), 1);
      givenUp.push(found.id);
    },
    90_000,
  );
});

const LASTING = [
  ["a model that fails", model(500, "tensor of rank 5"), "MODEL_FAILED", 500, /tensor of rank 5/],
  [
    "a request SageMaker refuses",
    { code: "ValidationError", status: 400, message: "Payload too large" },
    "ENDPOINT_REQUEST_REJECTED",
    400,
    /Payload too large/,
  ],
  [
    "an endpoint that is forbidden",
    {
      code: "AccessDeniedException",
      status: 403,
      message: "not authorized to perform: sagemaker:InvokeEndpoint",
    },
    "ENDPOINT_FORBIDDEN",
    403,
    /sagemaker:InvokeEndpoint/,
  ],
  ["a model that is too slow", model(0, "Your invocation timed out"), "ENDPOINT_TIMEOUT", 503, /timed out/],
] as const;

describe("A permanent failure", () => {
  test.each(LASTING)(
    "%s: the prediction fails at the first attempt, with a dead letter",
    async (_, fault, code, _status, says) => {
      expectErrorLog(new RegExp(`"code":"${code}"`));
      await stage.faults({ point, kind: "error", ...fault });
      const found = await stage.prediction(await upload());
      expect(found).toMatchObject({
        status: "failed",
        attempts: 1,
        error: {
          code,
          message: expect.stringMatching(says),
          hint: expect.stringMatching(/\w{4}/),
          retryable: false,
        },
      });
      expect(await applied()).toBe(1);
      await holds(stage.sqs, stage.deadLettersUrl("vehicles"), 1);
    },
  );

  test("a missing endpoint leaves its uploads pending, with a hint to provision it", async () => {
    await stage.faults({
      point,
      kind: "error",
      code: "ValidationError",
      status: 400,
      message: "Endpoint x of account 000000000000 not found.",
    });
    const found = await stage.prediction(await upload(), ({ status }) => status === "pending");
    expect(found.error).toMatchObject({
      code: "ENDPOINT_NOT_FOUND",
      hint: expect.stringContaining("sluice provision"),
    });
    await holds(stage.sqs, stage.deadLettersUrl("vehicles"), 0);
  });

  test("an image that the model cannot read is a user error, without a dead letter", async () => {
    const refusal = { code: "IMAGE_UNREADABLE", message: "bad Huffman table", hint: "Export it again." };
    await stage.faults({ point, kind: "error", ...model(400, JSON.stringify(refusal)) });
    expect(await stage.prediction(await upload())).toMatchObject({ status: "failed", error: refusal });
    await holds(stage.sqs, stage.deadLettersUrl("vehicles"), 0);
  });
});

describe("A synchronous prediction through the API", () => {
  test.each([...PASSING.map(([name, fault, code]) => [name, fault, code, 503, /\w/] as const), ...LASTING])(
    "%s: the response has its status, code and fix",
    async (_, fault, code, status, says) => {
      expectErrorLog(new RegExp(`"code":"${code}"`));
      await stage.faults({ point, kind: "error", ...fault });
      const answer = await stage.api("/predict/vehicles", { method: "POST", body: picture });
      expect(answer.headers.get("content-type")).toBe("application/problem+json");
      expect(await answer.json()).toMatchObject({
        status,
        code,
        detail: expect.stringMatching(says),
        hint: expect.stringMatching(/\w{4}/),
      });
      expect(answer.status).toBe(status);
    },
  );
});
