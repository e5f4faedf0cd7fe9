// The doctor on a stage with wrong resources: it reports each difference with its fix.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { committedGraph, startStage, type Stage } from "../support/cloud.ts";
import { writeLocalState } from "../support/local-state.ts";
import { sluice } from "./sluice.ts";

const dir = mkdtempSync(path.join(tmpdir(), "sluice-doctor-"));
let stage: Stage;
let findings: Array<{ check: string; status: string; message: string; fix?: string }>;
let code: number;

beforeAll(async () => {
  const graph = committedGraph();
  const inputsOf = (name: string) => graph.resources.find((resource) => resource.name === name)!.inputs;
  inputsOf("CatsInferFunction")["timeout"] = 7;
  const [inline] = inputsOf("CatsInferRole")["inlinePolicies"] as Array<{ policy: string }>;
  inline!.policy = inline!.policy
    .replace('"s3:GetObject",', "")
    .replace('"dynamodb:UpdateItem"', '"dynamodb:Scan"');
  stage = await startStage(graph);

  const { app, stage: name, links } = stage.cloud.kernel.graph;
  writeLocalState(dir, {
    endpoint: stage.cloud.endpoint,
    api: links["Api"]!["url"] as string,
    live: stage.liveUrl,
    token: await stage.bearer(),
    app,
    stage: name,
    buckets: { uploads: stage.bucket, results: stage.results, artifacts: stage.artifacts },
    environment: stage.cloud.environment,
  });
  const { code: ended, json } = await sluice(["doctor", "--json", "--dir", dir]);
  code = ended;
  findings = json().findings;
});
afterAll(async () => {
  await stage.dispose();
  rmSync(dir, { recursive: true, force: true });
});

test("only the wrong resources fail", () => {
  expect(code).toBe(1);
  const failed = findings.filter(({ status }) => status === "fail");
  expect(failed.map(({ check }) => check)).toEqual(["functions", "permissions"]);
  for (const { fix } of failed) expect(fix).toMatch(/deploy/i);
});

test("a function that differs from its declaration is reported with both values", () => {
  expect(findings).toContainEqual(
    expect.objectContaining({
      message: "sluice-local-CatsInferFunction: its timeout is 7 s instead of 120 s.",
    }),
  );
});

test("permissions that a role lacks are reported", () => {
  expect(findings).toContainEqual(
    expect.objectContaining({
      message: "cats: its function lacks the permissions s3:GetObject, dynamodb:UpdateItem.",
      fix: expect.stringContaining("infra/inference.ts"),
    }),
  );
});

test("models without an endpoint are a warning, not a failure", () => {
  const warned = findings.filter(({ check }) => check === "endpoints");
  expect(warned.length).toBeGreaterThan(0);
  for (const { status, message } of warned) {
    expect(status).toBe("warn");
    expect(message).toContain("wait as pending");
  }
});
