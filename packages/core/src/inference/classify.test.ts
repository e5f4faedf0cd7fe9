import { describe, expect, test } from "vitest";
import { classifyError } from "./classify.ts";

const thrown = (name: string, more: object = {}) =>
  Object.assign(new Error(`said ${name}`), { name, ...more });

describe("A failed invocation", () => {
  test.each([
    ["ThrottlingException", {}, "ENDPOINT_THROTTLED", true],
    ["Throttling", {}, "ENDPOINT_THROTTLED", true],
    ["ServiceUnavailable", {}, "ENDPOINT_UNAVAILABLE", true],
    ["InternalFailure", {}, "ENDPOINT_INTERNAL_FAILURE", true],
    [
      "InternalDependencyException",
      { $metadata: { httpStatusCode: 530 } },
      "ENDPOINT_INTERNAL_FAILURE",
      true,
    ],
    ["ModelNotReadyException", {}, "ENDPOINT_UNAVAILABLE", true],
    ["TimeoutError", {}, "ENDPOINT_TIMEOUT", true],
    ["Error", { code: "ECONNRESET" }, "NETWORK_FAILED", true],
    ["ModelError", { OriginalStatusCode: 500, OriginalMessage: "boom" }, "MODEL_FAILED", false],
    ["ModelError", { OriginalStatusCode: 503, OriginalMessage: "boom" }, "MODEL_FAILED", false],
    [
      "ModelError",
      { OriginalStatusCode: 0, OriginalMessage: "could not get a response" },
      "ENDPOINT_UNAVAILABLE",
      true,
    ],
    [
      "ModelError",
      { OriginalStatusCode: 0, OriginalMessage: "Your invocation timed out" },
      "ENDPOINT_TIMEOUT",
      false,
    ],
    ["ModelError", { OriginalMessage: "invocation timed out" }, "ENDPOINT_TIMEOUT", false],
    ["ValidationError", { message: "Endpoint x of account 1 not found." }, "ENDPOINT_NOT_FOUND", false],
    ["ValidationException", { message: "Endpoint x is not in service" }, "ENDPOINT_NOT_IN_SERVICE", false],
    ["ValidationError", { message: "Payload is too big" }, "ENDPOINT_REQUEST_REJECTED", false],
    ["AccessDeniedException", { $metadata: { httpStatusCode: 403 } }, "ENDPOINT_FORBIDDEN", false],
    ["Weird", {}, "UNEXPECTED", false],
  ])("%s %j is %s, retryable: %s", (name, more, code, retryable) => {
    expect(classifyError(thrown(name, more), "x")).toMatchObject({
      code,
      retryable,
      hint: expect.stringMatching(/\S/),
    });
  });

  test("is a user error with the container's message when the input is invalid", () => {
    const OriginalMessage = JSON.stringify({
      code: "IMAGE_UNREADABLE",
      message: "not a picture",
      hint: "send another",
    });
    const error = classifyError(thrown("ModelError", { OriginalStatusCode: 400, OriginalMessage }), "x");
    expect(error).toMatchObject({
      code: "IMAGE_UNREADABLE",
      kind: "user",
      message: "not a picture",
      hint: "send another",
    });
  });

  test("ignores a code of the container that only the app may use", () => {
    const OriginalMessage = JSON.stringify({ code: "ENDPOINT_NOT_FOUND", message: "wait for me" });
    expect(classifyError(thrown("ModelError", { OriginalStatusCode: 404, OriginalMessage }), "x").code).toBe(
      "MODEL_FAILED",
    );
  });
});
