import { expect, test } from "vitest";
import { createToken } from "./manage.ts";

const now = Date.parse("2030-01-02T00:00:00Z");

test.each([
  ["2030-01-01T23:59:59Z", /^expiresAt: .* is in the past/],
  ["2030-01-02T00:00:00Z", /^expiresAt: .* is in the past/],
  ["tomorrow", /^expiresAt: must be an ISO instant such as/],
])("a token that expires at %s is not created", async (expiresAt, message) => {
  await expect(async () =>
    createToken({ name: "a", scopes: ["read"], expiresAt, now }),
  ).rejects.toMatchObject({
    code: "INPUT_INVALID",
    message: expect.stringMatching(message),
  });
});
