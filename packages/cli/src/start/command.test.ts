import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { writeState } from "../target/local-state.ts";
import { boot } from "./boot.ts";
import { start } from "./command.ts";

/** The first responses of the API. */
const health = vi.hoisted((): Response[] => []);
vi.mock("./boot.ts", () => ({ boot: vi.fn() }));
vi.mock("../synth/lock.ts", () => ({ refreshLock: () => Promise.resolve() }));
vi.mock("./page.ts", async (original) => ({
  ...(await original<typeof import("./page.ts")>()),
  buildPage: () => Promise.resolve("/nowhere/dist"),
}));
vi.mock("../target/client.ts", async (original) => ({
  ...(await original<typeof import("../target/client.ts")>()),
  createClient: () => ({ health: { $get: () => Promise.resolve(health.shift() ?? Response.json({})) } }),
}));

const dir = mkdtempSync(path.join(tmpdir(), "sluice-start-"));
afterAll(() => rmSync(dir, { recursive: true }));
const listening = new Set(process.listeners("SIGINT"));
afterEach(() => {
  for (const event of ["SIGINT", "SIGTERM"] as const)
    for (const one of process.listeners(event)) if (!listening.has(one)) process.off(event, one);
});

test("a start that fails after the cloud is running stops the cloud and reports the error", async () => {
  const state = {
    endpoint: "http://127.0.0.1:1",
    api: "http://127.0.0.1:1/_api/Api",
    live: "ws://127.0.0.1:1/_ws/LiveApi/$default",
    token: "slc_local",
    app: "sluice",
    stage: "local",
    buckets: { uploads: "uploads", results: "results", artifacts: "artifacts" },
    page: { url: "http://page/", bucket: "page" },
    environment: {},
  };
  const stop = vi.fn<() => Promise<void>>().mockResolvedValue();
  vi.mocked(boot).mockImplementation(() => {
    writeState(dir, { ...state, pid: process.pid });
    return Promise.resolve({ state, stop, logFile: "log", refusal: () => undefined } as never);
  });
  for (const name of ["AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]) vi.stubEnv(name, "local");
  vi.stubEnv("AWS_ENDPOINT_URL", state.endpoint);
  // A function that is not ready in time is asked again; the start goes on to the next step.
  health.push(Response.json({}, { status: 503 }), Response.json({}, { status: 503 }));
  await expect(start.parseAsync(["--no-samples", "--json", "--dir", dir], { from: "user" })).rejects.toThrow(
    expect.objectContaining({ code: "PAGE_NOT_PUBLISHED", hint: expect.stringContaining("Start again") }),
  );
  expect(stop).toHaveBeenCalledOnce();
  expect(health).toEqual([]);
  vi.unstubAllEnvs();
});
