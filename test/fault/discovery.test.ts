// Why an endpoint does not serve, told apart by every command that reaches one: absent, not ready, forbidden, throttled, or
// without credentials. Each has its own code and fix.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { runCommand } from "../cli/command.ts";
import { start } from "../cli/sluice.ts";
import { operate } from "../support/operator.ts";
import { sampleOf } from "../support/sample.ts";
import { resolved } from "../support/standalone.ts";

const model = "vehicles";
let folder: string;
let running: Awaited<ReturnType<typeof start>>;
let stage: ReturnType<typeof operate>;
const file = (name: string) => path.join(folder, name);
const run = (...args: string[]) => runCommand([...args, "--dir", file("state")]);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "sluice-discovery-"));
  running = await start(["--no-samples", "--port", "0", "--dir", file("state")], {
    SLUICE_RETRY_BASE_MS: "2",
  });
  const { endpoint, environment } = running.state;
  stage = operate({ ...resolved(endpoint), environment });
  await stage.deploy(model);
  await writeFile(file("1.jpg"), (await sampleOf(model, 1)).bytes);
}, 180_000);
afterAll(async () => {
  await running.stop();
  await rm(folder, { recursive: true, force: true });
});
afterEach(() => stage.faults());

/** The faults of both ways to an endpoint: its description, and a request to it. */
const inject = (code: string, status: number, message: string) =>
  stage.faults(
    ...["DescribeEndpoint", "InvokeEndpoint"].map((operation) => ({
      point: `sagemaker:${operation}`,
      kind: "error",
      code,
      status,
      message,
    })),
  );
const predict = () => run("predict", model, file("1.jpg"), "--by", "endpoint");
/** Those that describe the endpoint. */
const DESCRIBING: Array<[string, string[]]> = [
  ["endpoints list", ["endpoints", "list"]],
  ["endpoints status", ["endpoints", "status", model]],
  ["provision", ["provision", model, "--detach"]],
];
const finding = async () => {
  const { findings } = (await run("doctor", "--json")).json() as {
    findings: Array<{ check: string; status: string; message: string; fix?: string }>;
  };
  return findings.filter(
    ({ check, message }) => check === "endpoints" && !/^(?!.*vehicles).*no endpoint/.test(message),
  );
};

describe.each<[string, string, number, string, string, number, RegExp]>([
  [
    "forbidden",
    "AccessDeniedException",
    403,
    "not authorized",
    "ENDPOINT_FORBIDDEN",
    4,
    /Grant the function/,
  ],
  ["throttled", "ThrottlingException", 429, "Rate exceeded", "ENDPOINT_THROTTLED", 5, /Raise the endpoint/],
  [
    "without credentials",
    "ExpiredTokenException",
    403,
    "The token has expired",
    "AWS_CREDENTIALS_INVALID",
    4,
    /Sign in/,
  ],
])("An endpoint that is %s", (_, awsCode, status, message, code, exit, fix) => {
  test(`is ${code} in every command, with its fix`, async () => {
    await inject(awsCode, status, message);
    const predicted = await predict();
    expect(predicted, predicted.stderr).toMatchObject({ code: exit, stderr: expect.stringContaining(code) });
    expect(predicted.stderr).toMatch(fix);
    for (const [name, args] of DESCRIBING) {
      const done = await run(...args);
      expect(done, name).toMatchObject({ code: exit, stderr: expect.stringContaining(code) });
      expect(done.stderr, name).toMatch(fix);
    }
    expect(await finding()).toEqual([
      {
        check: "endpoints",
        status: "fail",
        message: expect.stringContaining(code),
        fix: expect.stringMatching(fix),
      },
    ]);
  }, 120_000);
});

test("An endpoint that is not ready is ENDPOINT_NOT_IN_SERVICE, with the advice to wait", async () => {
  await stage.faults({
    point: "sagemaker:InvokeEndpoint",
    kind: "error",
    code: "ValidationError",
    status: 400,
    message: "Endpoint sluice-local-vehicles-serverless of account 000000000000 is not in service.",
  });
  const done = await predict();
  expect(done).toMatchObject({ code: 5, stderr: expect.stringContaining("ENDPOINT_NOT_IN_SERVICE") });
  expect(done.stderr).toMatch(/Wait until the endpoint is in service/);
});

test("An endpoint that is absent is ENDPOINT_NOT_FOUND, Deleted in lists, with the command that creates it", async () => {
  expect(await run("endpoints", "delete", model, "--yes")).toMatchObject({ code: 0 });
  await expect.poll(async () => (await stage.sagemakerNames("endpoint")).length, { timeout: 20_000 }).toBe(0);
  const done = await predict();
  expect(done).toMatchObject({ code: 5, stderr: expect.stringContaining("ENDPOINT_NOT_FOUND") });
  expect(done.stderr).toMatch(/sluice provision MODEL/);
  const listed = (await run("endpoints", "list", "--json")).json() as {
    items: { model: string; status: string }[];
  };
  expect(listed.items.find((row) => row.model === model)).toMatchObject({ status: "Deleted" });
  expect((await run("endpoints", "status", model)).stdout).toMatch(/Deleted/);
  expect(await finding()).toEqual([
    {
      check: "endpoints",
      status: "warn",
      message: "vehicles has no endpoint. Its uploads wait as pending.",
      fix: expect.stringContaining("npx sluice provision"),
    },
  ]);
}, 60_000);
