// Files and keys that users upload by mistake or on purpose. All are uploaded first, so that whole batches process them.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startStage, type Stage } from "../support/cloud.ts";
import { holds } from "../support/queue.ts";
import { sampleOf } from "../support/sample.ts";
import { badPictures, badTexts, oddNames } from "./inputs.fixture.ts";

let stage: Stage;
const photo = await sampleOf("vehicles", 8);
const pictures = badPictures(photo.bytes).map((input) => ({
  input,
  key: `uploads/vehicles/${input[0]}.jpg`,
}));
const texts = badTexts.map((input) => ({ input, key: `uploads/compliance/${input[0]}.txt` }));
const odd = oddNames.map((name) => {
  const key = `uploads/vehicles/${name}`;
  return { name, key, emptyKey: `${key}.empty`.slice(0, 1_024) };
});
type Upload = Awaited<ReturnType<Stage["upload"]>>;
const uploads = new Map<string, Upload>();
/** By the key of the photo: the longest key has no room for a suffix, so there both are versions of one key. */
const empties = new Map<string, Upload>();

beforeAll(async () => {
  stage = await startStage();
  await stage.deploy("vehicles");
  await Promise.all([
    ...[...pictures, ...texts].map(async ({ input: [, bytes], key }) =>
      uploads.set(key, await stage.upload(key, bytes)),
    ),
    ...odd.map(async ({ key, emptyKey }) => {
      uploads.set(key, await stage.upload(key, photo.bytes));
      empties.set(key, await stage.upload(emptyKey, ""));
    }),
  ]);
}, 120_000);
afterAll(() => stage.dispose());

const errorOf = (key: string) => ({
  message: expect.stringContaining(key.slice(0, 40)),
  hint: expect.stringMatching(/\w{4}/),
  retryable: false,
});

describe("An invalid input fails its own prediction with a reason:", () => {
  test.for(pictures)("$input.0", async ({ input: [, , code], key }) => {
    const found = await stage.prediction(uploads.get(key)!.idFor("vehicles"));
    expect(found).toMatchObject({ status: "failed", attempts: 1, error: { code, hint: errorOf(key).hint } });
    expect(found.error!.message).not.toBe("");
  });

  test.for(texts)("$input.0", async ({ input: [, , code], key }) => {
    expect(await stage.prediction(uploads.get(key)!.idFor("compliance"))).toMatchObject({
      status: "failed",
      error: { code, ...errorOf(key) },
    });
  });
});

describe("A key is unchanged from the upload to the API:", () => {
  test.for(odd)("$name", async ({ key }) => {
    const found = await stage.prediction(uploads.get(key)!.idFor("vehicles"));
    expect(found).toMatchObject({ source: { key }, summary: { class: photo.label } });
    expect(await stage.prediction(empties.get(key)!.idFor("vehicles"))).toMatchObject({
      error: { code: "OBJECT_EMPTY", ...errorOf(key) },
    });
    const listed = await stage.api(`/predictions/${found.id}`);
    expect(await listed.json()).toMatchObject({ source: { key } });
  });
});

test("afterwards the queues and dead-letter queues are empty, and the cloud is healthy", async () => {
  for (const model of ["vehicles", "compliance"]) {
    await holds(stage.sqs, stage.queueUrl(model), 0);
    await holds(stage.sqs, stage.deadLettersUrl(model), 0);
  }
  expect((await (await fetch(`${stage.cloud.endpoint}/_cloud/health`)).json()).status).toBe("ok");
});
