// The real binary: exit codes, streams, `sluice start` and Ctrl-C. `command.ts` runs most other tests in their own process.
import { execFileSync } from "node:child_process";
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { sluice, start } from "./sluice.ts";

const folder = mkdtempSync(path.join(tmpdir(), "sluice-binary-"));
const dir = path.join(folder, "state");
const here = ["--dir", dir];
const file = (name: string) => path.join(folder, name);

let running: Awaited<ReturnType<typeof start>>;
beforeAll(async () => {
  running = await start(["--no-samples", "--port", "0", ...here]);
}, 120_000);
afterAll(async () => {
  await running?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe("The exit code", () => {
  test("is 0 for --help and --version, which print to standard output", async () => {
    const help = await sluice(["--help"]);
    expect(help).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("Exit codes: 0 done"),
      stderr: "",
    });
    expect(await sluice(["-V"])).toMatchObject({ code: 0, stdout: `${manifest.version}\n`, stderr: "" });
  });

  test.each<[number, string, string[]]>([
    [2, "unknown command", ["fly"]],
    [2, "CONFIRMATION_MISSING", ["start", "--fresh", "--dir", folder]],
    [3, "MODEL_UNKNOWN", ["predictions", "list", "horses", ...here]],
    [4, "TOKEN_INVALID", ["endpoints", "list", "--token", "wrong", ...here]],
    [5, "API_UNREACHABLE", ["endpoints", "list", "--api", "http://127.0.0.1:1"]],
  ])("is %i with %s, on standard error only", async (exit, word, args) => {
    const { code, stdout, stderr } = await sluice(args);
    expect({ code, stdout }).toEqual({ code: exit, stdout: "" });
    expect(stderr).toContain(word);
    expect(stderr, "a defect's stack").not.toMatch(/^\s+at .*:\d+:\d+/m);
  });
});

describe("sluice start", () => {
  test("prints one line of JSON and nothing else", () => {
    expect(running.lines).toHaveLength(1);
    expect(running.state).toMatchObject({ ready: true, token: expect.stringMatching(/^slc_/) });
  });

  test("env prints its AWS keys as variables, as a profile and as JSON", async () => {
    const { environment } = running.state;
    const asJson = await sluice(["env", "--json", ...here]);
    expect(asJson.json()).toEqual(
      Object.fromEntries(Object.entries(environment).filter(([name]) => name.startsWith("AWS_"))),
    );
    const asVariables = await sluice(["env", ...here]);
    expect(asVariables.stdout).toContain(`export AWS_ACCESS_KEY_ID='${environment.AWS_ACCESS_KEY_ID}'\n`);
    const asProfile = await sluice(["env", "--profile", "mine", ...here]);
    expect(asProfile.stdout).toMatch(/^\[profile mine\]\nregion = us-east-1\nendpoint_url = http:/);
    expect(asProfile.stdout).toContain(`aws_secret_access_key = ${environment.AWS_SECRET_ACCESS_KEY}\n`);
    expect(environment.AWS_ACCESS_KEY_ID).toMatch(/^AKIA[A-Z2-7]{16}$/);
    const nowhere = await sluice(["env", "--dir", file("nowhere")]);
    expect([nowhere.code, nowhere.stdout]).toEqual([5, ""]);
    expect(nowhere.stderr).toContain("CLOUD_NOT_RUNNING");
  });

  test("makes every file of its state folder private", () => {
    const open = readdirSync(dir, { recursive: true, withFileTypes: true })
      .map((entry) => path.join(entry.parentPath, entry.name))
      .filter((found) => (lstatSync(found).mode & 0o077) !== 0 && !lstatSync(found).isSymbolicLink());
    expect(open).toEqual([]);
    expect(statSync(dir).mode & 0o777).toBe(0o700);
  });

  test("rejects a state folder that is in use, with the process id", async () => {
    const { code, stderr } = await sluice(["start", "--no-samples", "--port", "0", ...here]);
    expect(code).toBe(1);
    expect(stderr).toContain(`ALREADY_RUNNING`);
    expect(stderr).toContain(String(running.pid));
  });

  test("rejects a port that is in use, with a hint", async () => {
    const { port } = new URL(running.state.endpoint);
    const { code, stderr } = await sluice(["start", "--no-samples", "--port", port, "--dir", file("second")]);
    expect(code).toBe(1);
    expect(stderr).toContain(port);
    expect(stderr).toMatch(/PORT_IN_USE: .*choose another/);
  });

  test("rejects a damaged state file, with a hint", async () => {
    mkdirSync(file("broken"));
    writeFileSync(path.join(file("broken"), "local.json"), "{");
    const { code, stderr } = await sluice(["start", "--no-samples", "--port", "0", "--dir", file("broken")]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/LOCAL_JSON_INVALID: .*local\.json[^]*Delete/);
  });

  test("stops all its processes on Ctrl-C, and starts again with the same token and data", async () => {
    await sluice(["labels", "set", "compliance", "-", "violation", "--text", "no receipt", ...here]);
    const family = descendants(running.pid);
    expect(family.length).toBeGreaterThan(1);
    expect(await running.stop()).toBe(0);
    const alive = new Set(processes().map(({ pid }) => pid));
    expect(family.filter((pid) => alive.has(pid))).toEqual([]);
    const { code, json } = await sluice(["doctor", "--json", ...here]);
    expect(code).toBe(1);
    expect(json().findings.at(-1)).toMatchObject({ check: "target", status: "fail" });

    const { token } = running.state;
    running = await start(["--no-samples", "--port", "0", ...here]);
    expect(running.state.token).toBe(token);
    const labels = await sluice(["labels", "list", "compliance", "--json", ...here]);
    expect(labels.json()).toMatchObject({ items: [{ label: "violation" }] });
  });
});

function processes() {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid=,stat="], { encoding: "utf8" }).trim().split("\n");
  return lines
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , state]) => !state!.startsWith("Z"))
    .map(([pid, parent]) => ({ pid: Number(pid), parent: Number(parent) }));
}

function descendants(of: number): number[] {
  const all = processes();
  const below = (pid: number): number[] => [
    pid,
    ...all.filter(({ parent }) => parent === pid).flatMap((child) => below(child.pid)),
  ];
  return below(of);
}
