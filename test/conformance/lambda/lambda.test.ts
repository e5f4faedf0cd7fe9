import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  InvokeCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  paginateListFunctions,
} from "@aws-sdk/client-lambda";
import type { Cloud } from "@sluice/local/cloud.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROOT, functionCloud } from "./cloud.ts";
import { aws, boto3, noAws, noBoto3 } from "./tools.ts";
import { expectErrorLog } from "../../support/error-log.ts";

let cloud: Cloud & { dispose(): Promise<void> };
let client: LambdaClient;

beforeAll(async () => {
  cloud = await functionCloud();
  client = new LambdaClient(cloud.client);
});
afterAll(() => cloud.dispose());

const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString();
const invoke = (FunctionName: string, payload: unknown, more = {}) =>
  client.send(new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(payload)), ...more }));
const logOf = async (name: string) => {
  const { events } = await cloud.kernel.call(
    "logs",
    "FilterLogEvents",
    { logGroupName: `/aws/lambda/${name}` },
    { kind: "root" },
  );
  return events.map(({ message }: { message: string }) => message).join("\n");
};

test("the SDK invokes a function and receives its response, log and error", async () => {
  expectErrorLog(/Invoke Error RangeError: asked to fail/);
  const fine = await invoke("Echo", { a: "é" }, { LogType: "Tail" });
  expect(fine).toMatchObject({ StatusCode: 200, ExecutedVersion: "$LATEST" });
  expect(fine.FunctionError).toBeUndefined();
  expect(JSON.parse(text(fine.Payload))).toMatchObject({ event: { a: "é" } });
  expect(Buffer.from(fine.LogResult!, "base64").toString()).toMatch(
    /START RequestId[^]*"message":"echo"[^]*REPORT RequestId/,
  );
  const failed = await invoke("Echo", { fail: true });
  expect(failed).toMatchObject({ StatusCode: 200, FunctionError: "Unhandled" });
  expect(JSON.parse(text(failed.Payload))).toMatchObject({
    errorType: "RangeError",
    errorMessage: "asked to fail",
  });
  expect(await invoke("Echo", {}, { InvocationType: "DryRun" })).toMatchObject({ StatusCode: 204 });
  expect(await invoke("Echo", { later: 1 }, { InvocationType: "Event" })).toMatchObject({ StatusCode: 202 });
  await expect.poll(() => logOf("Echo"), { timeout: 15_000 }).toContain('"later":1');
  await expect(invoke("Nobody", {})).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

test("a function can do what its role allows", async () => {
  const sent = await invoke("Send", { text: "by the SDK" });
  expect(text(sent.Payload)).toMatch(/^"[\w-]{36}"$/);
  await expect.poll(() => logOf("Consume"), { timeout: 15_000 }).toContain("consumed by the SDK");
});

test("a call that the role does not allow fails in the function, with action and resource", async () => {
  expectErrorLog(/Invoke Error AccessDenied/);
  const refused = await invoke("Forbidden", { text: "no" });
  expect(refused.FunctionError).toBe("Unhandled");
  expect(JSON.parse(text(refused.Payload)).errorMessage).toMatch(
    /sqs:sendmessage.*arn:aws:sqs:us-east-1:000000000000:jobs/i,
  );
});

test("functions and mappings are listed", async () => {
  const names: unknown[] = [];
  for await (const page of paginateListFunctions({ client }, {}))
    names.push(...page.Functions!.map((one) => one.FunctionName));
  expect(names).toEqual(["Echo", "Send", "Forbidden", "Consume", "Spin"]);
  const { EventSourceMappings } = await client.send(
    new ListEventSourceMappingsCommand({ FunctionName: "Consume" }),
  );
  expect(EventSourceMappings).toMatchObject([{ BatchSize: 10, State: "Enabled" }]);
});

test("boto3 invokes and reads a function's configuration", async ({ skip }) => {
  skip(noBoto3 !== undefined, noBoto3);
  const answer = await boto3(
    cloud.environment,
    `
c = boto3.client("lambda")
r = c.invoke(FunctionName="Echo", Payload=json.dumps({"from": "boto3"}), LogType="Tail")
f = c.get_function(FunctionName="Echo")["Configuration"]
try:
    c.invoke(FunctionName="Nobody"); code = None
except c.exceptions.ResourceNotFoundException as e: code = e.response["Error"]["Code"]
print(json.dumps([json.loads(r["Payload"].read())["event"], f["FunctionName"], f["Timeout"], code]))`,
  );
  expect(answer).toEqual([{ from: "boto3" }, "Echo", 20, "ResourceNotFoundException"]);
});

test("the aws command invokes a function", async ({ skip }) => {
  skip(noAws !== undefined, noAws);
  const out = path.join(mkdtempSync(path.join(tmpdir(), "aws-")), "out.json");
  const args = ["--cli-binary-format", "raw-in-base64-out", "--payload", '{"from":"cli"}', out];
  const answer = await aws(cloud.environment, "lambda", "invoke", "--function-name", "Echo", ...args).catch(
    () =>
      // Version 1 of the command takes the payload as it is and does not know the option.
      aws(cloud.environment, "lambda", "invoke", "--function-name", "Echo", ...args.slice(2)),
  );
  expect(JSON.parse(answer)).toMatchObject({ StatusCode: 200 });
  rmSync(path.dirname(out), { recursive: true });
});

test("a killed cloud leaves no function running, not even one in an endless loop", async () => {
  const dir = mkdtempSync(path.join(tmpdir(), "cloud-"));
  const script = path.join(ROOT, "test/conformance/lambda/spin.ts");
  const parent = spawn(process.execPath, [script, dir], { stdio: ["ignore", "pipe", "inherit"] });
  const pid = await new Promise<number>((resolve) => {
    let out = "";
    parent.stdout.on("data", (chunk: Buffer) => {
      out += chunk;
      const found = /pid (\d+)/.exec(out)?.[1];
      if (found) resolve(Number(found));
    });
  });
  expect(isRunning(pid)).toBe(true);
  parent.kill("SIGKILL");
  await expect.poll(() => isRunning(pid), { timeout: 15_000 }).toBe(false);
  rmSync(dir, { recursive: true, force: true });
});

function isRunning(pid: number) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
