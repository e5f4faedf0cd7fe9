import { expect, test } from "vitest";
import { toProblemFailure } from "./client.ts";

test("a problem document becomes a failure with its code, message and hint", () => {
  const problem = { code: "MODEL_UNKNOWN", detail: "There is no model dogs.", hint: "Declare it." };
  expect(toProblemFailure(404, problem)).toMatchObject({
    code: "MODEL_UNKNOWN",
    message: "There is no model dogs.",
    hint: "Declare it.",
    exit: 3,
  });
});

test("an error of API Gateway becomes a failure without a problem document", () => {
  expect(toProblemFailure(413, undefined)).toMatchObject({ code: "OBJECT_TOO_LARGE", exit: 2 });
  expect(toProblemFailure(503, { message: "Service Unavailable" })).toMatchObject({
    code: "API_UNAVAILABLE",
    hint: expect.stringContaining("Try again"),
    exit: 5,
  });
  expect(toProblemFailure(502, "<html>")).toMatchObject({ code: "HTTP_502", exit: 1 });
});
