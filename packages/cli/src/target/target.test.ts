import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { readState, writeState } from "./local-state.ts";
import { resolveTarget } from "./target.ts";

const folder = mkdtempSync(path.join(tmpdir(), "sluice-target-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Above any process id there can be. */
const NOBODY = 2 ** 30;

const local = {
  pid: process.pid,
  endpoint: "http://127.0.0.1:4800",
  api: "http://127.0.0.1:4800/_api/Api",
  live: "ws://127.0.0.1:4800/_ws/LiveApi/$default",
  token: "slc_local",
  app: "sluice",
  stage: "local",
  buckets: { uploads: "uploads", results: "results", artifacts: "artifacts" },
  page: { url: "http://127.0.0.1:4800/_site/Page/", bucket: "page" },
  environment: { AWS_ENDPOINT_URL: "http://127.0.0.1:4800" },
};

function stateDir(state: unknown) {
  const dir = mkdtempSync(path.join(folder, "state-"));
  writeFileSync(path.join(dir, "local.json"), typeof state === "string" ? state : JSON.stringify(state));
  return dir;
}

test("options override the environment, and both override the local cloud", () => {
  const dir = stateDir(local);
  const env = { SLUICE_API: "https://env.example/", SLUICE_TOKEN: "slc_env" };
  expect(resolveTarget({ dir, api: "https://flag.example//", token: "slc_flag" }, env)).toMatchObject({
    where: "named",
    api: "https://flag.example",
    token: "slc_flag",
  });
  expect(resolveTarget({ dir }, env)).toMatchObject({ api: "https://env.example", token: "slc_env" });
});

test("the running local cloud is found with its token and its AWS endpoint", () => {
  expect(resolveTarget({ dir: stateDir(local) }, {})).toMatchObject({
    where: "local",
    api: local.api,
    token: local.token,
    environment: local.environment,
  });
});

test("--token replaces the token of the local cloud", () => {
  expect(resolveTarget({ dir: stateDir(local), token: "slc_mine" }, {}).token).toBe("slc_mine");
});

test("credentials of the local cloud are not sent to an API named by --api", () => {
  const { token, environment } = resolveTarget({ dir: stateDir(local), api: "https://other.example" }, {});
  expect({ token, environment }).toEqual({ token: undefined, environment: {} });
});

test("a local cloud whose process has ended is ignored", () => {
  expect(() => resolveTarget({ dir: stateDir({ ...local, pid: NOBODY }), local: true }, {})).toThrow(
    expect.objectContaining({ code: "TARGET_MISSING", exit: 5, hint: expect.stringContaining("npm start") }),
  );
});

const BROKEN: Array<[content: unknown, reason: string]> = [
  ["{", "it is not JSON"],
  ["", "it is not JSON"],
  [null, "must be an object, not empty"],
  [[], "must be an object, not a list"],
  ["7", "must be an object, not a number"],
  [{}, 'at "pid"'],
  [{ ...local, pid: 0 }, 'at "pid"'],
  [{ ...local, token: "" }, 'at "token"'],
  [{ ...local, environment: null }, 'at "environment"'],
];

test.each(BROKEN)(
  "a state file with the content %j fails with its path, the reason and the fix",
  (content, reason) => {
    const dir = stateDir(content);
    const refusal = expect.objectContaining({
      code: "LOCAL_JSON_INVALID",
      message: expect.stringMatching(
        new RegExp(`^${path.join(dir, "local.json")} cannot be used: .*${reason}`),
      ),
      hint: expect.stringContaining("Delete that file"),
    });
    expect(() => resolveTarget({ dir }, {})).toThrow(refusal);
    expect(() => readState(dir)).toThrow(refusal);
  },
);

test("a folder in place of the state file fails in the same way", () => {
  const dir = mkdtempSync(path.join(folder, "state-"));
  mkdirSync(path.join(dir, "local.json"));
  expect(() => readState(dir)).toThrow(expect.objectContaining({ code: "LOCAL_JSON_INVALID" }));
});

test("the state is read back as written, and no temporary file remains", () => {
  const dir = mkdtempSync(path.join(folder, "state-"));
  expect(readState(dir)).toBeUndefined();
  writeState(dir, local);
  expect(readState(dir)).toEqual(local);
  expect(readdirSync(dir)).toEqual(["local.json"]);
});

test("an invalid URL fails before any request, and SLUICE_DIR sets the state folder", () => {
  expect(() => resolveTarget({ api: "localhost:4710" }, {})).toThrow(/"localhost:4710" is not a URL/);
  expect(() => resolveTarget({}, { SLUICE_API: "nonsense" })).toThrow(/not a URL/);
  expect(resolveTarget({}, { SLUICE_DIR: stateDir(local) })).toMatchObject({ token: "slc_local" });
});
