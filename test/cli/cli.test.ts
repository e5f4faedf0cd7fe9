// The real binary against a Sluice that this file starts.
import { execFileSync } from "node:child_process";
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { operate } from "../support/operator.ts";
import { sampleOf } from "../support/sample.ts";
import { resolved } from "../support/standalone.ts";
import { until } from "../support/until.ts";
import { sluice, start } from "./sluice.ts";

const folder = mkdtempSync(path.join(tmpdir(), "sluice-cli-"));
const dir = path.join(folder, "state");
const here = ["--dir", dir];
const file = (name: string) => path.join(folder, name);

let running: Awaited<ReturnType<typeof start>>;
let car: { label: string };

beforeAll(async () => {
  running = await start(["--no-samples", "--port", "0", ...here]);
  const { endpoint, environment } = running.state;
  const [sample] = await Promise.all([
    sampleOf("vehicles", 3),
    operate({ ...resolved(endpoint), environment }).deploy("vehicles"),
  ]);
  car = sample;
  writeFileSync(file("photo.jpg"), sample.bytes);
  writeFileSync(file("broken.jpg"), "not a picture");
  writeFileSync(file("photo.xyz"), sample.bytes);
  // A start, a training where nothing is cached yet, and a deployment: ten seconds alone, minutes beside other work.
}, 300_000);

afterAll(async () => {
  await running?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe.concurrent("Help:", () => {
  test.each([
    "start",
    "env",
    "upload",
    "predictions list",
    "predictions show",
    "predictions watch",
    "review list",
    "review resolve",
    "predict",
    "endpoint list",
    "endpoint status",
    "provision",
    "versions list",
    "versions show",
    "versions compare",
    "evaluate",
    "traffic show",
    "traffic set",
    "traffic shift",
    "traffic abort",
    "endpoint delete",
    "endpoint history",
    "endpoint benchmark",
    "token create",
    "token list",
    "token revoke",
    "logs",
    "redrive",
    "doctor",
    "synth",
  ])("%s --help prints usage and examples", async (command) => {
    const { code, stdout } = await sluice([...command.split(" "), "--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: sluice ${command}`);
    expect(stdout).toMatch(/Examples:\n {2}\$ /);
  });

  test("--help lists the commands and the exit codes; -V prints the version", async () => {
    const [help, version] = await Promise.all([sluice(["--help"]), sluice(["-V"])]);
    expect(help.stdout).toMatch(
      /doctor[\s\S]*Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not found[^]*130 interrupted/,
    );
    expect(version).toMatchObject({ code: 0, stdout: `${manifest.version}\n` });
  });
});

describe.concurrent("Exit codes:", () => {
  const nobody = ["--api", "http://127.0.0.1:1"];
  test.each<[number, string, string[]]>([
    [2, "unknown command", ["fly"]],
    [2, "unknown option", ["endpoint", "list", "--loud"]],
    [2, "--model", ["upload", "x.jpg"]],
    [2, "Allowed choices", ["predictions", "list", "vehicles", "--status", "lost"]],
    [2, "INPUT_INVALID", ["predictions", "list", "vehicles", "--min-confidence", "2", ...here]],
    [2, "VERDICT_MISSING", ["review", "resolve", "prd_0", ...here]],
    [2, "PORT_INVALID", ["start", "--port", "eighty"]],
    [2, "SINCE_INVALID", ["logs", "--since", "yesterday", ...here]],
    [2, "TYPE_UNKNOWN", ["upload", file("photo.xyz"), "-m", "vehicles", ...here]],
    [2, "CONFIRMATION_MISSING", ["start", "--fresh", "--dir", folder]],
    [3, "MODEL_UNKNOWN", ["predictions", "list", "horses", ...here]],
    [3, "MODEL_UNKNOWN", ["endpoint", "status", "horses", ...here]],
    [3, "MODEL_UNKNOWN", ["upload", file("photo.jpg"), "-m", "horses", ...here]],
    [3, "PREDICTION_UNKNOWN", ["predictions", "show", "prd_0", ...here]],
    [3, "FILE_MISSING", ["predict", "vehicles", file("nowhere.jpg"), ...here]],
    [3, "LOGS_MISSING", ["logs", "NoSuchFunction", ...here]],
    [4, "TOKEN_INVALID", ["endpoint", "list", "--token", "wrong", ...here]],
    [5, "API_UNREACHABLE", ["endpoint", "list", ...nobody]],
    [5, "TARGET_MISSING", ["endpoint", "list", "--dir", file("empty")]],
  ])("%i with %s", async (exit, word, args) => {
    const { code, stdout, stderr } = await sluice(args);
    expect({ code, stdout }).toEqual({ code: exit, stdout: "" });
    expect(stderr).toContain(word);
    expect(stderr, "a defect's stack").not.toMatch(/^\s+at .*:\d+:\d+/m);
  });

  test("a failure with --json prints one JSON document to standard error", async () => {
    const { stdout, stderr } = await sluice(["predictions", "show", "prd_0", "--json", ...here]);
    expect(stdout).toBe("");
    expect(JSON.parse(stderr)).toEqual({
      error: { code: "PREDICTION_UNKNOWN", message: expect.any(String), hint: expect.any(String) },
    });
  });
});

describe("An upload", () => {
  const list = async (...more: string[]) => {
    const { json } = await sluice(["predictions", "list", "vehicles", "--json", ...more, ...here]);
    return json().items as Array<{ id: string; source: { key: string }; summary?: { class: string } }>;
  };
  const listed = (status: string) =>
    until(async () => {
      const [found] = await list("--status", status);
      if (!found) throw new Error(`none is ${status}`);
      return found;
    });

  test("becomes a prediction that is listed and shown", async () => {
    const sent = await sluice(["upload", file("photo.jpg"), "-m", "vehicles", "--json", ...here]);
    expect(sent.code).toBe(0);
    const { key } = sent.json().sent[0];
    const found = await listed("completed");
    expect(found).toMatchObject({ source: { key }, summary: { class: car.label } });

    const table = await sluice(["predictions", "list", "vehicles", ...here]);
    expect(table.stdout).toMatch(new RegExp(`^id .*status .*result[^]*${found.id}.*completed.*${car.label}`));
    const shown = await sluice(["predictions", "show", found.id, ...here]);
    expect(shown.stdout).toContain(key);
    const result = await sluice(["predictions", "show", found.id, "--result", ...here]);
    expect(result.json()).toMatchObject({ task: "image-classification", model: "vehicles" });
  });

  test("is reviewed, and the resolved review becomes a label", async () => {
    const [{ id, source }] = (await list("--status", "completed")) as [
      { id: string; source: { key: string } },
    ];
    const review = async (...args: string[]) => (await sluice(["review", ...args, ...here])).stdout;
    expect(await review("request", id, "--note", "really?")).toBe(`${id} waits for review.\n`);
    expect(await review("list", "--model", "vehicles")).toMatch(
      new RegExp(`${id} .*${car.label}.*: really\\?`),
    );
    expect(await review("resolve", id, "--agree")).toContain(
      `agreed: ${car.label}. Set the label of ${source.key}`,
    );
    expect(await review("show", id)).toMatch(
      /review {5}settled[^]*result {5}local owner resolved it \(agreed: /,
    );
    const labels = await sluice(["labels", "list", "vehicles", "--source", "review", "--json", ...here]);
    expect(labels.json()).toMatchObject([{ key: source.key, label: car.label }]);
    const late = await sluice(["review", "dismiss", id, "--json", ...here]);
    expect([late.code, JSON.parse(late.stderr).error.code]).toEqual([1, "REVIEW_OVER"]);
  });

  test("that is not an image ends as failed with its reason", async () => {
    expect((await sluice(["upload", file("broken.jpg"), "-m", "vehicles", ...here])).code).toBe(0);
    const { id } = await listed("failed");
    const { stdout } = await sluice(["predictions", "show", id, ...here]);
    expect(stdout).toMatch(/error {5}[A-Z_]+: .+\n {10}.+/);
  });

  test("of several files reports the one that failed and uploads the others", async () => {
    const args = ["upload", file("photo.jpg"), file("nowhere.jpg"), "-m", "vehicles", "--json", ...here];
    const { code, json } = await sluice(args);
    expect(code).toBe(3);
    expect(json()).toMatchObject({
      sent: [{ file: file("photo.jpg") }],
      failed: [{ file: file("nowhere.jpg"), code: "FILE_MISSING" }],
    });
  });
});

test("predict works synchronously, with a file or standard input", async () => {
  const { stdout } = await sluice(["predict", "vehicles", file("photo.jpg"), ...here]);
  expect(stdout).toMatch(new RegExp(`^${car.label} [\\d.]+ % .*threshold`));
  const refused = await sluice(["predict", "vehicles", "-", "--json", ...here], "no picture");
  expect(refused.code).not.toBe(0);
  expect(JSON.parse(refused.stderr).error.code).toMatch(/^[A-Z_]+$/);
});

test("endpoint list and status show which endpoints are in service", async () => {
  const { json } = await sluice(["endpoint", "list", "--json", ...here]);
  const statusOf = Object.fromEntries(json().map((row: any) => [row.model, row.status]));
  expect(statusOf).toMatchObject({ vehicles: "InService", cats: "NotProvisioned" });
  const { stdout } = await sluice(["endpoint", "status", "vehicles", ...here]);
  expect(stdout).toMatch(/vehicles-serverless {2}InService/);
});

test("logs --json prints one JSON object per line", async () => {
  const { stdout } = await sluice(["logs", "ApiHandler", "--json", ...here]);
  const [first] = stdout.split("\n");
  expect(JSON.parse(first!)).toEqual({
    time: expect.stringMatching(/^\d{4}-.*Z$/),
    group: expect.stringContaining("ApiHandlerFunction"),
    message: expect.any(String),
  });
});

test("redrive reports that there are no dead letters", async () => {
  const { code, stdout } = await sluice(["redrive", "vehicles", ...here]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: "vehicles has no dead letters.\n" });
});

test("doctor --deep reports a healthy stage, with a sample end to end", async () => {
  const { code, json } = await sluice(["doctor", "--deep", "--json", ...here]);
  const { healthy, findings } = json();
  expect(findings.filter(({ status }: any) => status === "fail")).toEqual([]);
  expect({ healthy, code }).toEqual({ healthy: true, code: 0 });
  expect(findings).toContainEqual({
    check: "sample",
    status: "ok",
    message: expect.stringMatching(/vehicles predicted \S+ .* for a sample of/),
  });
});

describe("start", () => {
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
    expect(stderr).toMatch(/STATE_BROKEN: .*local\.json[^]*Delete/);
  });

  test("stops all its processes on Ctrl-C, and starts again with the same token and data", async () => {
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
    expect((await sluice(["predictions", "list", "vehicles", "--json", ...here])).json().items).not.toEqual(
      [],
    );
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
