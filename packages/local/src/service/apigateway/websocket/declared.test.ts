import { afterEach, expect, test } from "vitest";
import { testChat, type Chat } from "./testing.ts";

let started: Chat | undefined;
afterEach(() => started?.dispose());

test.each([
  ["AWS_IAM authorization", { Route0: { authorizationType: "AWS_IAM" } }, /Route0 requires AWS_IAM/],
  [
    "an authorizer that is not declared",
    { Route0: { authorizationType: "CUSTOM", authorizerId: "x" } },
    /Route0 requires CUSTOM/,
  ],
  ["an API key", { Route0: { apiKeyRequired: true } }, /Route0 \(\$connect\) requires an API key/],
  [
    "another integration",
    { ChatIntegration: { integrationType: "MOCK" } },
    /ChatIntegration is not a Lambda proxy/,
  ],
  ["a missing integration", { Route0: { target: "integrations/none" } }, /targets integrations\/none/],
  [
    "another expression",
    { ChatApi: { routeSelectionExpression: "$request.header.x" } },
    /ChatApi selects routes by/,
  ],
])("%s fails the start by name", async (_, inputs, message) => {
  await expect(async () => void (started = await testChat({ inputs }))).rejects.toThrow(message);
});
