import { afterEach, expect, test } from "vitest";
import { testProject, type Project, type ProjectOptions } from "./testing.ts";
import { expectErrorLog } from "../../../../../test/support/error-log.ts";

let project: Project;
afterEach(() => project.dispose());

const open = async (options: ProjectOptions) => (project = await testProject(options));

test("a function returns its handler's result, and reuses its process", async () => {
  await open({
    functions: { Count: { source: "let n = 0; export const handler = async (e) => ({ n: ++n, e });" } },
  });
  expect((await project.invoke("Count", { a: 1 })).payload).toEqual({ n: 1, e: { a: 1 } });
  expect((await project.invoke("Count")).payload.n).toBe(2);
});

test("a handler has its own environment, links and role, and no variables of the parent process", async () => {
  await open({
    functions: {
      Env: {
        source:
          "export const handler = async (_, context) => ({ env: process.env, context, left: context.getRemainingTimeInMillis() });",
        inputs: { environment: { variables: { COLOUR: "blue", SST_KEY: "k" } }, timeout: 20 },
        links: { Table: { name: "t", type: "sst.aws.Dynamo" } },
      },
    },
  });
  process.env.PARENT_ONLY = "secret";
  const { payload } = await project.invoke("Env");
  delete process.env.PARENT_ONLY;
  expect(payload.env).toMatchObject({
    COLOUR: "blue",
    AWS_ENDPOINT_URL: "http://127.0.0.1:4710",
    AWS_REGION: "us-east-1",
    SST_RESOURCE_App: '{"name":"test","stage":"local"}',
    SST_RESOURCE_Table: '{"name":"t","type":"sst.aws.Dynamo"}',
    AWS_LAMBDA_FUNCTION_NAME: "Env",
  });
  expect(payload.env.AWS_SESSION_TOKEN).toBeTruthy();
  expect(payload.env).not.toHaveProperty("PARENT_ONLY");
  expect(payload.env).not.toHaveProperty("SST_KEY");
  expect(payload.context).toMatchObject({ functionName: "Env", memoryLimitInMB: "256" });
  expect(payload.left).toBeGreaterThan(10_000);
  expect(payload.left).toBeLessThanOrEqual(20_000);
});

test("an error of the handler is an unhandled function error with its source line", async () => {
  await open({
    functions: {
      Fail: { source: "export const handler = async () => {\n  throw new TypeError('no such cat');\n};" },
    },
  });
  const { error, payload } = await project.invoke("Fail");
  expect(error).toBe("Unhandled");
  expect(payload).toMatchObject({ errorType: "TypeError", errorMessage: "no such cat" });
  expect(payload.trace.join("\n")).toMatch(/Fail\.ts:2/);
});

test("a changed source is built again for the next invocation", async () => {
  await open({ functions: { Edit: { source: "export const handler = async () => 'old';" } } });
  expect((await project.invoke("Edit")).payload).toBe("old");
  project.write("Edit", "export const handler = async () => 'brand new';");
  expect((await project.invoke("Edit")).payload).toBe("brand new");
});

test("a build error is returned with its position, and the old bundle is not used", async () => {
  expectErrorLog(/Could not build/);
  await open({ functions: { Broken: { source: "export const handler = async () => 'fine';" } } });
  await project.invoke("Broken");
  project.write("Broken", "export const handler = async () => { return ]; }");
  const { error, payload } = await project.invoke("Broken");
  expect(error).toBe("Unhandled");
  expect(payload.errorType).toBe("Runtime.BuildFailed");
  expect(payload.errorMessage).toMatch(/src\/Broken\.ts:1:\d+/);
  expect((await project.logOf("Broken")).join("\n")).toContain("Could not build src/Broken.handler");
  project.write("Broken", "export const handler = async () => 'mended';");
  expect((await project.invoke("Broken")).payload).toBe("mended");
});

test("a function that exceeds its timeout is killed with a timeout error", async () => {
  await open({
    functions: {
      Slow: {
        source: "export const handler = async () => { console.log('begun'); for (;;); };",
        inputs: { timeout: 2 },
      },
    },
  });
  const pending = project.invoke("Slow");
  await logged("Slow", "begun");
  await project.kernel.clock.advance(2_000);
  const { error, payload } = await pending;
  expect(error).toBe("Unhandled");
  expect(payload.errorType).toBe("Sandbox.Timedout");
  expect(payload.errorMessage).toMatch(/Task timed out after 2\.00 seconds$/);
});

test("a crash fails its invocation, and the next one uses a new process", async () => {
  await open({
    functions: {
      Die: {
        source:
          "export const handler = async (e) => { if (e.die) process.kill(process.pid, 'SIGKILL'); return 'alive'; };",
      },
    },
  });
  const { error, payload } = await project.invoke("Die", { die: true });
  expect(error).toBe("Unhandled");
  expect(payload.errorType).toBe("Runtime.ExitError");
  expect((await project.invoke("Die")).payload).toBe("alive");
});

test("a module that cannot be loaded fails its invocation with the reason", async () => {
  await open({
    functions: { Load: { source: "throw new Error('no configuration'); export const handler = 1;" } },
  });
  const { error, payload } = await project.invoke("Load");
  expect(error).toBe("Unhandled");
  expect(payload.errorType).toBe("Runtime.ImportModuleError");
  expect(payload.errorMessage).toContain("no configuration");
});

test("a function's output is logged completely and in order between START and REPORT", async () => {
  await open({
    functions: {
      Talk: {
        source: `export const handler = async () => {
          console.log("two\\nlines"); console.warn("careful"); process.stdout.write('{"level":"INFO","n":1}\\n');
        };`,
      },
    },
  });
  const { tail } = await project.invoke("Talk");
  const lines = await project.logOf("Talk");
  expect(lines[0]).toMatch(/^START RequestId: [\w-]+ Version: \$LATEST$/);
  expect(lines[1]).toMatch(/\tINFO\ttwo\nlines$/);
  expect(lines[2]).toMatch(/\tWARN\tcareful$/);
  expect(lines[3]).toBe('{"level":"INFO","n":1}');
  expect(lines[4]).toMatch(/^END RequestId/);
  expect(lines[5]).toMatch(/^REPORT RequestId: .*Init Duration/);
  expect(tail).toContain("careful");
});

test("invocations above the reserved concurrency are throttled", async () => {
  await open({
    functions: {
      One: {
        source:
          "export const handler = () => new Promise((r) => { console.log('in'); setTimeout(r, 60000); });",
        inputs: { reservedConcurrentExecutions: 1, timeout: 5 },
      },
    },
  });
  const first = project.invoke("One");
  await logged("One", "in");
  await expect(project.invoke("One")).rejects.toMatchObject({
    code: "TooManyRequestsException",
    status: 429,
  });
  await project.kernel.clock.advance(5_000);
  expect((await first).payload.errorType).toBe("Sandbox.Timedout");
});

test("a reserved concurrency of 0 pauses a function; without a reservation it runs again", async () => {
  await open({ functions: { Echo: { source: "export const handler = async (e) => e;" } } });
  const call = (operation: string, more = {}) =>
    project.kernel.call("lambda", operation, { FunctionName: "Echo", ...more });
  await call("PutFunctionConcurrency", { ReservedConcurrentExecutions: 0 });
  expect(await call("GetFunctionConcurrency")).toEqual({ ReservedConcurrentExecutions: 0 });
  await expect(project.invoke("Echo")).rejects.toMatchObject({ code: "TooManyRequestsException" });
  await call("DeleteFunctionConcurrency");
  expect((await project.invoke("Echo", { on: 1 })).payload).toEqual({ on: 1 });
  await expect(call("PutFunctionConcurrency", { ReservedConcurrentExecutions: -1 })).rejects.toMatchObject({
    code: "InvalidParameterValueException",
  });
});

test("a payload above 6 MB, and one that is not JSON, are rejected", async () => {
  await open({ functions: { Echo: { source: "export const handler = async (e) => e;" } } });
  await expect(project.invoke("Echo", "x".repeat(6 * 1024 * 1024))).rejects.toMatchObject({
    code: "RequestTooLargeException",
    status: 413,
  });
  await expect(project.invoke("Echo", {}, { Payload: Buffer.from("{") })).rejects.toMatchObject({
    code: "InvalidRequestContentException",
  });
  await expect(project.invoke("Nobody")).rejects.toMatchObject({ code: "ResourceNotFoundException" });
});

test("fault rules can reject an invocation, lose its response, or crash the process", async () => {
  await open({
    functions: { Echo: { source: "export const handler = async (e) => { console.log('ran'); return e; };" } },
  });
  const { faults } = project.kernel;
  const ran = async () =>
    (await project.logOf("Echo").catch(() => [])).filter((line) => line.endsWith("ran")).length;
  const only = { point: "lambda:invoke", match: { function: "Echo" }, times: 1 };
  faults.set([{ ...only, kind: "error", code: "TooManyRequestsException", status: 429 }]);
  await expect(project.invoke("Echo")).rejects.toMatchObject({ code: "TooManyRequestsException" });
  expect(await ran()).toBe(0);
  faults.set([{ ...only, kind: "error", code: "ServiceException", when: "after" }]);
  await expect(project.invoke("Echo")).rejects.toMatchObject({ code: "ServiceException" });
  expect(await ran()).toBe(1);
  faults.set([{ ...only, kind: "reset" }]);
  expect((await project.invoke("Echo")).payload.errorType).toBe("Runtime.ExitError");
  expect((await project.invoke("Echo", { fine: 1 })).payload).toEqual({ fine: 1 });
});

/** Resolves once a function has logged `text`; its log is sent every quarter of a second of the test's clock. */
async function logged(name: string, text: string) {
  await expect
    .poll(
      async () => {
        await project.kernel.clock.advance(250);
        return (await project.logOf(name).catch(() => [])).join("\n");
      },
      { timeout: 20_000, interval: 50 },
    )
    .toContain(text);
}
