// Commands about uploads, predictions and endpoints, against a Sluice that this file starts.
import { models } from "@sluice/models/index.ts";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { COMMANDS } from "@sluice/cli/commands.ts";
import type { Command } from "commander";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { operate } from "../support/operator.ts";
import { startReceiver } from "../support/receiver.ts";
import { sampleOf } from "../support/sample.ts";
import { resolved } from "../support/standalone.ts";
import { until } from "../support/until.ts";
import { runCommand } from "./command.ts";
import { sluice, start } from "./sluice.ts";

const folder = mkdtempSync(path.join(tmpdir(), "sluice-cli-"));
const file = (name: string) => path.join(folder, name);
const here = ["--dir", file("state")];
/** Runs a command against the Sluice of this file. */
const run = (...args: string[]) => runCommand([...args, ...here]);

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
}, 120_000);

afterAll(async () => {
  await running?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe("A command fails with", () => {
  test.each<[number, string, string[]]>([
    [2, "INPUT_INVALID", ["predictions", "list", "vehicles", "--min-confidence", "2"]],
    [2, "VERDICT_MISSING", ["reviews", "resolve", "prd_0"]],
    [2, "USAGE_WRONG", ["alerts", "add", "--sns", "--slack", "https://hooks.slack.com/x"]],
    [2, "WEBHOOK_URL_REFUSED", ["alerts", "add", "--webhook", "https://10.0.0.1/"]],
    [3, "ALERT_RULE_UNKNOWN", ["alerts", "remove", "rul_0"]],
    [2, "SINCE_INVALID", ["logs", "--since", "yesterday"]],
    [2, "TYPE_UNKNOWN", ["upload", file("photo.xyz"), "-m", "vehicles"]],
    [3, "MODEL_UNKNOWN", ["predictions", "list", "horses"]],
    [3, "MODEL_UNKNOWN", ["endpoints", "status", "horses"]],
    [3, "MODEL_UNKNOWN", ["upload", file("photo.jpg"), "-m", "horses"]],
    [3, "PREDICTION_UNKNOWN", ["predictions", "show", "prd_0"]],
    [3, "FILE_MISSING", ["predict", "vehicles", file("nowhere.jpg")]],
    [3, "LOGS_MISSING", ["logs", "NoSuchFunction"]],
    [4, "TOKEN_INVALID", ["endpoints", "list", "--token", "wrong"]],
    [5, "API_UNREACHABLE", ["endpoints", "list", "--api", "http://127.0.0.1:1"]],
    [5, "TARGET_MISSING", ["endpoints", "list", "--dir", file("empty")]],
  ])("exit code %i and %s", async (exit, word, args) => {
    const { code, stdout, stderr } = await runCommand(args.includes("--dir") ? args : [...args, ...here]);
    expect({ code, stdout }).toEqual({ code: exit, stdout: "" });
    expect(stderr).toContain(word);
    expect(stderr, "a defect's stack").not.toMatch(/^\s+at .*:\d+:\d+/m);
  });

  test("one JSON document on standard error with --json", async () => {
    const { stdout, stderr } = await run("predictions", "show", "prd_0", "--json");
    expect(stdout).toBe("");
    expect(JSON.parse(stderr)).toEqual({
      error: { code: "PREDICTION_UNKNOWN", message: expect.any(String), hint: expect.any(String) },
    });
  });
});

test("alert rules are added, tested and removed", async () => {
  const receiver = await startReceiver();
  onTestFinished(() => receiver.close());
  const webhook = ["--webhook", `${receiver.url}/hook`];
  const filters = ["--model", "vehicles", "--kind", "drift", "budget"];
  const quiet = ["--quiet", "22:00-07:00", "--zone", "Europe/Berlin"];
  const added = await run("alerts", "add", ...webhook, ...filters, ...quiet, "--json");
  const { rule, secret } = added.json();
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  const { stdout } = await run("alerts", "rules");
  expect(stdout).toMatch(
    new RegExp(`${rule.id}  webhook ${receiver.url} +vehicles +drift, budget +22:00-07:00 Europe/Berlin`),
  );
  expect(stdout).not.toContain("/hook");
  const tested = await run("alerts", "test", rule.id);
  expect(tested.stdout).toMatch(/^The receiver accepted the message msg_\w+\.$/m);
  expect(receiver.requests).toMatchObject([{ path: "/hook" }]);
  receiver.respond(500);
  const failed = await run("alerts", "test", rule.id);
  expect(failed).toMatchObject({ code: 5, stderr: expect.stringContaining("WEBHOOK_FAILED") });
  const removed = await run("alerts", "remove", rule.id);
  expect(removed.stdout).toBe(`Removed the rule ${rule.id} for webhook ${receiver.url}.\n`);
  expect((await run("alerts", "rules", "--json")).json()).toEqual({ items: [] });
  expect((await run("alerts", "list", "--json")).json()).toEqual({ items: [] });
});

describe("Every list", async () => {
  /** The commands that list, with the names of their required arguments. */
  const lists: { name: string; needs: number }[] = [];
  const collect = (command: Command, names: string[]) => {
    const name = [...names, command.name()];
    if (command.name() === "list" || command.description().startsWith("List "))
      if (command.commands.length === 0)
        lists.push({
          name: name.join(" "),
          needs: command.registeredArguments.filter((one) => one.required).length,
        });
    for (const child of command.commands) collect(child, name);
  };
  for (const load of Object.values(COMMANDS)) collect(await load(), []);

  test("is among these commands", () => {
    expect(lists.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["predictions list", "labels imports", "events", "alerts rules", "tokens list"]),
    );
  });

  test.each(lists)("$name --json prints items and a cursor, and nothing else", async ({ name, needs }) => {
    const { code, json, stderr } = await run(...name.split(" "), ...["vehicles"].slice(0, needs), "--json");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const { items, cursor, ...others } = json();
    expect(items).toBeInstanceOf(Array);
    expect(["undefined", "string"]).toContain(typeof cursor);
    expect(others).toEqual({});
  });
});

describe("An upload", () => {
  const list = async (...more: string[]) => {
    const { json } = await run("predictions", "list", "vehicles", "--json", ...more);
    return json().items as Array<{ id: string; source: { key: string }; summary?: { class: string } }>;
  };
  const listed = (status: string) =>
    until(async () => {
      const [found] = await list("--status", status);
      if (!found) throw new Error(`none is ${status}`);
      return found;
    });

  test("becomes a prediction that is listed and shown", async () => {
    const sent = await run("upload", file("photo.jpg"), "-m", "vehicles", "--json");
    expect(sent.code).toBe(0);
    const { key } = sent.json().sent[0];
    const found = await listed("completed");
    expect(found).toMatchObject({ source: { key }, summary: { class: car.label } });

    await run("upload", file("photo.jpg"), "-m", "vehicles");
    await until(async () => expect((await list()).length).toBeGreaterThan(1));
    const first = await run("predictions", "list", "vehicles", "--limit", "1");
    expect(first.stderr).toBe("There are more. Increase --limit to see them.\n");
    const page = (await run("predictions", "list", "vehicles", "--limit", "1", "--json")).json();
    const [next] = await list("--limit", "1", "--cursor", page.cursor);
    expect([next!.id, page.items[0].id]).toContain(found.id);
    expect(next!.id).not.toBe(page.items[0].id);

    const table = await run("predictions", "list", "vehicles");
    expect(table.stdout).toMatch(new RegExp(`^id .*status .*result[^]*${found.id}.*completed.*${car.label}`));
    const shown = await run("predictions", "show", found.id);
    expect(shown.stdout).toContain(key);
    const result = await run("predictions", "show", found.id, "--result");
    expect(result.json()).toMatchObject({ task: "image-classification", model: "vehicles" });
  });

  test("is reviewed, and the resolved review becomes a label", async () => {
    const [{ id, source }] = (await list("--status", "completed")) as [
      { id: string; source: { key: string } },
    ];
    const review = async (...args: string[]) => (await run("reviews", ...args)).stdout;
    expect(await review("request", id, "--note", "really?")).toBe(`${id} waits for review.\n`);
    expect(await review("list", "--model", "vehicles")).toMatch(
      new RegExp(`${id} .*${car.label}.*: really\\?`),
    );
    expect(await review("resolve", id, "--agree")).toContain(
      `${car.label} (confirmed). Set the label of ${source.key}`,
    );
    expect(await review("show", id)).toMatch(
      /review {5}resolved[^]*result {5}local owner resolved it as .* \(confirmed\)/,
    );
    const labels = await run("labels", "list", "vehicles", "--source", "review", "--json");
    expect(labels.json()).toMatchObject({ items: [{ key: source.key, label: car.label }] });
    const late = await run("reviews", "dismiss", id, "--json");
    expect([late.code, JSON.parse(late.stderr).error.code]).toEqual([1, "REVIEW_CLOSED"]);
  });

  test("that is not an image ends as failed with its reason", async () => {
    expect((await run("upload", file("broken.jpg"), "-m", "vehicles")).code).toBe(0);
    const { id } = await listed("failed");
    const { stdout } = await run("predictions", "show", id);
    expect(stdout).toMatch(/error {5}[A-Z_]+: .+\n {10}.+/);
  });

  test("of several files reports the one that failed and uploads the others", async () => {
    const files = [file("photo.jpg"), file("nowhere.jpg")];
    const { code, json } = await run("upload", ...files, "-m", "vehicles", "--json");
    expect(code).toBe(3);
    expect(json()).toMatchObject({
      sent: [{ file: file("photo.jpg") }],
      failed: [{ file: file("nowhere.jpg"), code: "FILE_MISSING" }],
    });
  });
});

test("predict works synchronously, with a file or standard input", async () => {
  const { stdout } = await run("predict", "vehicles", file("photo.jpg"));
  expect(stdout).toMatch(new RegExp(`^${car.label} [\\d.]+ % .*threshold`));
  const refused = await sluice(["predict", "vehicles", "-", "--json", ...here], "no picture");
  expect(refused.code).not.toBe(0);
  expect(JSON.parse(refused.stderr).error.code).toMatch(/^[A-Z_]+$/);
});

test("endpoints list and endpoints status show which endpoints are in service", async () => {
  const { json } = await run("endpoints", "list", "--json");
  const statusOf = Object.fromEntries(json().items.map((row: any) => [row.model, row.status]));
  expect(statusOf).toMatchObject({ vehicles: "InService", cats: "NotProvisioned" });
  const { stdout } = await run("endpoints", "status", "vehicles");
  expect(stdout).toMatch(/vehicles-serverless {2}InService/);
});

test("logs --json prints one JSON object per line", async () => {
  const { stdout } = await run("logs", "ApiHandler", "--json");
  const [first] = stdout.split("\n");
  expect(JSON.parse(first!)).toEqual({
    time: expect.stringMatching(/^\d{4}-.*Z$/),
    group: expect.stringContaining("ApiHandlerFunction"),
    message: expect.any(String),
  });
});

test("redrive reports that there are no dead letters", async () => {
  const { code, stdout } = await run("redrive", "vehicles");
  expect({ code, stdout }).toEqual({ code: 0, stdout: "vehicles has no dead letters.\n" });
});

test("doctor --deep reports a healthy stage, with a sample end to end", async () => {
  // It changes the file mode mask of its process, so this one is the real binary.
  const { code, json } = await sluice(["doctor", "--deep", "--json", ...here]);
  const { healthy, findings } = json();
  expect(findings.filter(({ status }: any) => status === "fail")).toEqual([]);
  expect({ healthy, code }).toEqual({ healthy: true, code: 0 });
  expect(findings).toContainEqual({
    check: "sample",
    status: "ok",
    message: expect.stringMatching(/vehicles predicted \S+ .* for a sample of/),
  });
  // Each declared model is tested, or named as not tested.
  const samples = findings.filter(({ check }: any) => check === "sample");
  expect(samples.map(({ message }: any) => message.split(" ")[0]).toSorted()).toEqual(
    models.map(({ name }) => name).toSorted(),
  );
});
