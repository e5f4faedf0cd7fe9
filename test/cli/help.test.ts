// The help of every command, and the usage errors that need no Sluice.
import { COMMANDS } from "@sluice/cli/commands.ts";
import { describe, expect, test } from "vitest";
import { runCommand } from "./command.ts";

const COMMANDS_WITHOUT_VERBS = [
  "start",
  "env",
  "upload",
  "predict",
  "train",
  "evaluate",
  "provision",
  "events",
  "trace",
  "logs",
  "redrive",
  "doctor",
  "cost",
  "teardown",
  "synth",
];
const VERBS: Record<string, string[]> = {
  predictions: ["list", "show", "watch"],
  reviews: ["list", "resolve", "accept-certain"],
  datasets: ["generate", "import", "prepare"],
  labels: ["set"],
  trainings: ["list", "show", "logs", "metrics", "stop"],
  versions: ["list", "show", "compare"],
  traffic: ["show", "set", "shift", "abort", "report"],
  deployments: ["list"],
  endpoints: ["list", "status", "delete", "benchmark"],
  monitoring: ["show", "run", "reports", "report", "baseline"],
  retrain: ["explain", "check"],
  accuracy: ["show"],
  "ground-truth": ["import"],
  demo: ["drift"],
  alerts: ["list", "rules", "add", "remove", "test"],
  tokens: ["create", "list", "revoke"],
};
const verbs = Object.entries(VERBS).flatMap(([noun, all]) => all.map((verb) => `${noun} ${verb}`));

describe("--help", () => {
  test.each([...COMMANDS_WITHOUT_VERBS, ...verbs])("of %s prints usage and examples", async (command) => {
    const { code, stdout } = await runCommand([...command.split(" "), "--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: sluice ${command}`);
    expect(stdout).toMatch(/Examples:\n {2}\$ /);
  });

  test("without a command lists every command and the exit codes", async () => {
    const { code, stdout } = await runCommand(["--help"]);
    expect(code).toBe(0);
    for (const name of Object.keys(COMMANDS)) expect(stdout).toMatch(new RegExp(`^  ${name} `, "m"));
    expect(stdout).toMatch(
      /doctor[\s\S]*Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not found[^]*130 interrupted/,
    );
  });

  test("of datasets export lists its formats", async () => {
    const { stdout } = await runCommand(["datasets", "export", "--help"]);
    expect(stdout).toMatch(/\n {2}chat +one conversation/);
  });
});

describe("an old name of a command", () => {
  test.each([
    ["dataset", "datasets"],
    ["endpoint", "endpoints"],
    ["endpoint history", "deployments list"],
    ["review", "reviews"],
    ["token", "tokens"],
    ["training", "trainings"],
  ])("%s runs %s with a warning, and is not in the help", async (old, name) => {
    const { code, stdout, stderr } = await runCommand([...old.split(" "), "--help"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: `Warning: ${old} is deprecated. Use ${name}.\n` });
    expect(stdout).toContain(`Usage: sluice ${name} `);
    expect((await runCommand(["--help"])).stdout).not.toMatch(new RegExp(`^  ${old} `, "m"));
  });

  test("prints no warning with --json", async () => {
    const { code, stderr } = await runCommand(["dataset", "validate", "--loud", "--json"]);
    expect([code, JSON.parse(stderr).error.code]).toEqual([2, "USAGE_WRONG"]);
  });
});

describe("wrong usage exits with 2 and names the mistake:", () => {
  test.each<[string, string[]]>([
    ["unknown command", ["fly"]],
    ["unknown option", ["endpoints", "list", "--loud"]],
    ["--model", ["upload", "x.jpg"]],
    ["Allowed choices", ["predictions", "list", "vehicles", "--status", "lost"]],
    ["PORT_INVALID", ["start", "--port", "eighty"]],
  ])("%s", async (word, args) => {
    const { code, stdout, stderr } = await runCommand(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(word);
    expect(stderr, "a defect's stack").not.toMatch(/^\s+at .*:\d+:\d+/m);
  });

  test("with --json it prints one JSON document to standard error", async () => {
    const { code, stdout, stderr } = await runCommand(["datasets", "validate", "--loud", "--json"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(JSON.parse(stderr)).toMatchObject({
      error: { code: "USAGE_WRONG", message: expect.stringContaining("--loud") },
    });
  });
});

test("a command line with --json does not change how the next one reports errors", async () => {
  await runCommand(["datasets", "validate", "--loud", "--json"]);
  const { stderr } = await runCommand(["datasets", "validate", "--loud"]);
  expect(stderr).toMatch(/^error: unknown option '--loud'\n\(add --help to see the usage\)/);
});
