import { expect, test } from "vitest";
import { failureOf } from "./client.ts";

const answer = (status: number, body?: unknown) => ({
  status,
  json: () => (body === undefined ? Promise.reject(new Error("no JSON")) : Promise.resolve(body)),
});

test("a problem's own words are passed on, with its hint", async () => {
  const problem = { code: "MODEL_UNKNOWN", detail: "There is no model dogs.", hint: "Declare it." };
  expect(await failureOf(answer(404, problem))).toMatchObject({
    code: "MODEL_UNKNOWN",
    message: "There is no model dogs.",
    hint: "Declare it.",
    exit: 3,
  });
});

test("what stands before the API and knows no problems is understood all the same", async () => {
  expect(await failureOf(answer(413))).toMatchObject({ code: "OBJECT_TOO_LARGE", exit: 2 });
  expect(await failureOf(answer(503, { message: "Service Unavailable" }))).toMatchObject({
    code: "API_UNAVAILABLE",
    hint: expect.stringContaining("try again"),
    exit: 5,
  });
  expect(await failureOf(answer(502))).toMatchObject({ code: "HTTP_502" });
});
