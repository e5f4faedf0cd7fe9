import { expect, test } from "vitest";
import { create } from "./token.ts";

const now = Date.parse("2030-01-02T00:00:00Z");

test.each([
  ["2030-01-01T23:59:59Z", /^expiresAt: .* has passed/],
  ["2030-01-02T00:00:00Z", /^expiresAt: .* has passed/],
  ["tomorrow", /^expiresAt: must be an ISO instant such as/],
])("a token that ends at %s is not made", async (expiresAt, message) => {
  await expect(async () => create({ name: "a", scopes: ["read"], expiresAt, now })).rejects.toMatchObject({
    code: "INPUT_INVALID",
    message: expect.stringMatching(message),
  });
});
