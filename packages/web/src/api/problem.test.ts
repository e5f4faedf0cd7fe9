import { expect, test } from "vitest";
import { ApiError, isTemporary, toApiError, toProblemError } from "./problem.ts";

test("a problem document keeps its code, message and hint", () => {
  const body = { code: "MODEL_UNKNOWN", detail: "There is no model dogs.", hint: "Declare it." };
  expect(toProblemError(404, body)).toMatchObject({
    code: "MODEL_UNKNOWN",
    message: "There is no model dogs.",
    hint: "Declare it.",
    status: 404,
  });
});

test.each([undefined, "<html>", null, { message: "Too Many Requests" }])(
  "the body %o is not a problem document, so the status is the code",
  (body) => {
    expect(toProblemError(429, body)).toMatchObject({
      code: "HTTP_429",
      hint: expect.stringContaining("Wait"),
    });
  },
);

test("only errors that a retry may fix are temporary", () => {
  const isTemporaryStatus = (status: number) => isTemporary(toProblemError(status, undefined));
  expect([400, 401, 404, 429, 500, 503].filter(isTemporaryStatus)).toEqual([429, 500, 503]);
  expect(isTemporary(new ApiError("API_UNREACHABLE", "."))).toBe(true);
});

test("an ApiError is kept, and any other error is reported as a bug", () => {
  const error = new ApiError("MODEL_UNKNOWN", ".");
  expect(toApiError(error)).toBe(error);
  expect(toApiError(new Error("broken"))).toMatchObject({ code: "UNEXPECTED", message: "broken" });
});
