// Tests that the strict harness must fail, and tests that it must pass: the name says which.
import { log } from "@sluice/core/log.ts";
import { testCloud } from "@sluice/local/kernel/testing-cloud.ts";
import { testKernel } from "@sluice/local/kernel/testing.ts";
import { LambdaClient, InvokeCommand } from "@aws-sdk/client-lambda";
import { describe, test } from "vitest";
import { functionCloud } from "../../conformance/lambda/cloud.ts";
import { startStage } from "../cloud.ts";
import { expectErrorLog } from "../error-log.ts";

test("fails: console.error", () => console.error("broken"));

test("fails: core's logger at ERROR", () => log().error("broken"));

test("passes: core's logger at WARN", () => log().warn("odd"));

test("fails: a kernel's log at error", async () => {
  const kernel = await testKernel({ plugins: [complainer] });
  await kernel.dispose();
});

test("fails: a cloud's log at error", async () => {
  const cloud = await testCloud({ plugins: [complainer] });
  await cloud.dispose();
});

test("fails: a function's log at ERROR", () => invoke({ fail: true }));

test("passes: a function that works", () => invoke({}));

test("fails: dispose of a stage after an ERROR", async () => {
  const stage = await startStage();
  log().error("broken");
  await stage.dispose().catch((error: Error) => {
    throw new Error(`dispose: ${error.message}`);
  });
});

describe("expectations", () => {
  test("passes: an expected ERROR", () => {
    expectErrorLog(/disk is full/);
    log().error("The disk is full");
  });

  test("fails: another ERROR than the expected one", () => {
    expectErrorLog(/disk is full/);
    log().error("broken");
  });
});

const complainer = {
  name: "complainer",
  resources: {},
  start(kernel: { log(level: "error", message: string): void }) {
    kernel.log("error", "broken");
    return { operations: {}, access: () => [] };
  },
};

async function invoke(payload: object) {
  const cloud = await functionCloud();
  const client = new LambdaClient(cloud.client);
  await client.send(new InvokeCommand({ FunctionName: "Echo", Payload: JSON.stringify(payload) }));
  client.destroy();
  // Stopping writes what is left of the function's log.
  await cloud.dispose();
}
