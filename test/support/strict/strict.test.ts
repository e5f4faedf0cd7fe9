// The strict harness, checked from outside: a run of fixtures whose names say whether they must pass.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";

interface Report {
  testResults: Array<{
    name: string;
    status: string;
    message: string;
    assertionResults: Array<{ title: string; status: string; failureMessages: string[] }>;
  }>;
}

test("an unexpected ERROR line fails its test, and an expected one must appear", async () => {
  const report = await runFixtures();
  const file = (name: string) => report.testResults.find((one) => one.name.endsWith(name))!;

  const { assertionResults } = file("provoke.fixture.ts");
  expect(assertionResults).toHaveLength(10);
  const verdicts = assertionResults.map(({ title, status }) => `${title} -> ${status}`);
  expect(verdicts).toEqual(
    assertionResults.map(({ title }) => `${title} -> ${title.startsWith("fails:") ? "failed" : "passed"}`),
  );
  const failed = assertionResults.filter(({ status }) => status === "failed");
  for (const { title, failureMessages } of failed)
    expect(failureMessages.join(), title).toContain(
      title.includes("dispose") ? "dispose: unexpected ERROR log" : "unexpected ERROR log",
    );

  const unseen = file("unseen.fixture.ts");
  expect(unseen.status).toBe("failed");
  expect(unseen.message).toContain("expected ERROR log that never came");
});

async function runFixtures(): Promise<Report> {
  const vitest = path.resolve(import.meta.dirname, "../../../node_modules/vitest/vitest.mjs");
  const folder = mkdtempSync(path.join(tmpdir(), "strict-"));
  const outputFile = path.join(folder, "report.json");
  try {
    const child = spawn(
      process.execPath,
      [vitest, "run", "--config", "vitest.config.ts", "--reporter", "json", "--outputFile", outputFile],
      { cwd: import.meta.dirname, env: { ...process.env, VITEST: undefined }, stdio: "ignore" },
    );
    // Some fixtures fail, so the run does.
    expect(await once(child, "exit")).toEqual([1, null]);
    return JSON.parse(readFileSync(outputFile, "utf8")) as Report;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
