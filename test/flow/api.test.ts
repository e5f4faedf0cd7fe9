// What a client does with nothing but HTTP and a token.
import { isFinal } from "@sluice/core/prediction/prediction.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { foundIn, LARGE_PLAN, planOf, seedPlan } from "../browser/floor-plans.ts";
import { startStage, type Stage } from "../support/cloud.ts";
import { follow } from "../support/live-client.ts";
import { sampleOf } from "../support/sample.ts";
import { until } from "../support/until.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
  await stage.deploy("vehicles");
}, 120_000);
afterAll(() => stage.dispose());

const ask = { model: "vehicles", filename: "my car.jpg", contentType: "image/jpeg" };

async function form(file: Uint8Array, type = "image/jpeg") {
  const answer = await stage.api("/uploads", { method: "POST", body: ask });
  const { key, url, fields } = (await answer.json()) as {
    key: string;
    url: string;
    fields: Record<string, string>;
  };
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, name === "Content-Type" ? type : value);
  body.set("file", new Blob([new Uint8Array(file)], { type }));
  return { key, sent: await fetch(url, { method: "POST", body }) };
}

test("an upload by form appears in live updates, in the list and by its id", async () => {
  const { bytes, label } = await sampleOf("vehicles", 12);
  const live = follow(stage, await stage.bearer(), { model: "vehicles" });
  await live.live();

  const { key, sent } = await form(bytes);
  expect(sent.status).toBe(204);
  const told = await until(async () => {
    const found = live.predictions.find(({ source, status }) => source.key === key && isFinal(status));
    if (!found) throw new Error(`${key} has not ended: ${JSON.stringify(live.predictions)}`);
    return found;
  });
  await live.stop();
  expect(told).toMatchObject({ source: { key }, summary: { class: label } });

  const list = await (await stage.api(`/predictions?model=vehicles&class=${label}`)).json();
  expect(list.items.map(({ id }: { id: string }) => id)).toContain(told.id);
  const image = await stage.api(`/predictions/${told.id}/image`);
  expect(Buffer.from(await image.arrayBuffer()).equals(bytes)).toBe(true);
  const overlay = await stage.api(`/predictions/${told.id}/overlay`);
  expect(overlay.status).toBe(400);
  expect(await overlay.json()).toMatchObject({ detail: expect.stringContaining("has no boxes") });
}, 60_000);

test("the overlay of a floor plan is an SVG file with its image, a line for each class, and counts", async () => {
  const id = await seedPlan(stage, LARGE_PLAN);
  const { detections } = foundIn(await planOf(LARGE_PLAN));
  const response = await stage.api(`/predictions/${id}/overlay`);
  expect(response.headers.get("content-type")).toBe("image/svg+xml");
  expect(response.headers.get("content-security-policy")).toContain("sandbox");
  const svg = await response.text();
  expect(svg).toContain('<image href="data:image/');
  const doors = detections.filter((found) => found.class === "door").length;
  expect(svg).toContain(`>door ${doors}</text>`);
  const classes = new Set(detections.map((found) => found.class)).size;
  expect(svg.match(/<path /g)).toHaveLength(2 * classes);
});

describe("S3 rejects a form with", () => {
  test("more bytes than the model accepts", async () => {
    const { sent } = await form(new Uint8Array(4_194_305));
    expect(sent.status).toBe(400);
    expect(await sent.text()).toContain("EntityTooLarge");
  });

  test("another content type than its policy", async () => {
    const { sent } = await form(new Uint8Array(10), "text/html");
    expect(sent.status).toBe(403);
  });
});

describe("A problem document has the code and the fix:", () => {
  test.each([
    ["no token", "/predictions?model=vehicles", { authorization: "" }, 401, "TOKEN_MISSING"],
    ["a false token", "/predictions?model=vehicles", { authorization: "Bearer x" }, 401, "TOKEN_INVALID"],
    ["an unknown model", "/predictions?model=horses", {}, 404, "MODEL_UNKNOWN"],
    ["an unknown prediction", "/predictions/prd_0", {}, 404, "PREDICTION_UNKNOWN"],
    ["a wrong filter", "/predictions?model=vehicles&minConfidence=2", {}, 400, "INPUT_INVALID"],
    ["no such route", "/nowhere", {}, 404, "ROUTE_UNKNOWN"],
  ])("%s", async (_, route, headers, status, code) => {
    const answer = await stage.api(route, { headers });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ status, code, hint: expect.stringMatching(/\w{4}/) });
  });
});
