import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startStage, type Stage } from "../support/cloud.ts";
import { holds } from "../support/queue.ts";
import { sampleOf } from "../support/sample.ts";
import { badPictures, badTexts, oddNames } from "./inputs.fixture.ts";

let stage: Stage;
const photo = await sampleOf("vehicles", 8);
beforeAll(async () => {
  stage = await startStage();
  await stage.deploy("vehicles");
}, 120_000);
afterAll(() => stage.dispose());

const says = (key: string) => ({
  message: expect.stringContaining(key.slice(0, 40)),
  hint: expect.stringMatching(/\w{4}/),
  retryable: false,
});

describe("A bad input is a clear error on its own prediction:", () => {
  test.for(badPictures(photo.bytes))("%s", async ([name, bytes, code]) => {
    const key = `uploads/vehicles/${name}.jpg`;
    const { idFor } = await stage.upload(key, bytes);
    const found = await stage.prediction(idFor("vehicles"));
    expect(found).toMatchObject({ status: "failed", attempts: 1, error: { code, hint: says(key).hint } });
    expect(found.error!.message).not.toBe("");
  });

  test.for(badTexts)("%s", async ([name, bytes, code]) => {
    const key = `uploads/compliance/${name}.txt`;
    const { idFor } = await stage.upload(key, bytes);
    expect(await stage.prediction(idFor("compliance"))).toMatchObject({
      status: "failed",
      error: { code, ...says(key) },
    });
  });
});

describe("A key of any kind is carried whole:", () => {
  test.for(oddNames)("%j", async (name) => {
    const key = `uploads/vehicles/${name}`;
    const good = await stage.upload(key, photo.bytes);
    const empty = await stage.upload(`${key}.empty`.slice(0, 1_024), "");
    const found = await stage.prediction(good.idFor("vehicles"));
    expect(found).toMatchObject({ source: { key }, summary: { class: photo.label } });
    expect(await stage.prediction(empty.idFor("vehicles"))).toMatchObject({
      error: { code: "OBJECT_EMPTY", ...says(key) },
    });
    const listed = await stage.api(`/predictions/${found.id}`);
    expect(await listed.json()).toMatchObject({ source: { key } });
  });
});

test("Afterwards nothing waits, nothing was given up and the cloud is well", async () => {
  for (const model of ["vehicles", "compliance"]) {
    await holds(stage.sqs, stage.queueUrl(model), 0);
    await holds(stage.sqs, stage.deadLettersUrl(model), 0);
  }
  expect((await (await fetch(`${stage.cloud.endpoint}/_cloud/health`)).json()).status).toBe("ok");
});
