// The doctor on a stage with wrong resources: it reports each difference with its fix.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { NEW_ACCOUNT } from "@sluice/local/kernel/quotas.ts";
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
  const inline = (role: string) => (inputsOf(role)["inlinePolicies"] as Array<{ policy: string }>)[0]!;
  const cats = inline("CatsInferRole");
  cats.policy = cats.policy
    .replace('"s3:GetObject",', '"iam:SimulatePrincipalPolicy",')
    .replace('"dynamodb:UpdateItem"', '"dynamodb:Scan"')
    .replace(
      '"Resource":["${UploadsBucket.arn}/uploads/cats/*"]',
      '"Resource":["${UploadsBucket.arn}/uploads/cats/*","arn:aws:iam::*"]',
    );
  const forbid = (role: string, action: string) => {
    inline(role).policy = inline(role).policy.replaceAll(`"${action}"`, '"sts:GetCallerIdentity"');
  };
  // Of roles that another function passes, or that SageMaker uses.
  forbid("DeployRole", "iam:PassRole");
  forbid("HostingRole", "s3:GetObject");
  stage = await startStage(graph, 0, NEW_ACCOUNT);

  const { app, stage: name, links } = stage.cloud.kernel.graph;
  writeLocalState(dir, {
    endpoint: stage.cloud.endpoint,
    api: links["Api"]!["url"] as string,
    live: stage.liveUrl,
    token: await stage.bearer(),
    app,
    stage: name,
    buckets: { uploads: stage.bucket, results: stage.results, artifacts: stage.artifacts },
    environment: { ...stage.cloud.environment, ...stageLinks() },
  });
  const { code: ended, json } = await sluice(["doctor", "--json", "--dir", dir]);
  code = ended;
  findings = json().findings;
}, 180_000);
afterAll(async () => {
  await stage.dispose();
  rmSync(dir, { recursive: true, force: true });
});

/** As `sluice start` stores them. */
const stageLinks = () =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      name.startsWith("SST_RESOURCE_") ? [[name, value!]] : [],
    ),
  );

test("only the wrong resources fail, and what the account cannot do", () => {
  expect(code).toBe(1);
  const failed = findings.filter(({ status }) => status === "fail");
  expect(failed.map(({ check }) => check)).toEqual([
    "functions",
    "permissions",
    "permissions",
    "permissions",
    "quotas",
    "quotas",
  ]);
  for (const { fix } of failed) expect(fix).toMatch(/deploy|request an increase/i);
});

test("each declared model is compared with the quotas of a new account", () => {
  const quotas = findings.filter(({ check }) => check === "quotas");
  expect(quotas.map(({ status, message }) => `${status} ${message}`)).toEqual([
    expect.stringMatching(/^ok Memory size .* up to 4096 declared .* A new account has 3072/),
    "warn Maximum total concurrency that can be allocated across all serverless endpoints: 35 declared " +
      "(blueprints, cats, compliance, drones, vehicles), but the quota is 10.",
    "fail ml.g4dn.xlarge for spot training job usage: 3 declared (blueprints, compliance, drones), but the quota is 0.",
    "fail ml.m5.xlarge for spot training job usage: 2 declared (cats, vehicles), but the quota is 0.",
    "ok ml.m5.large for processing job usage: 1 declared (evaluations), quota 4",
    expect.stringMatching(/^warn Lambda concurrent executions: \d+ declared .* but the quota is 10\./),
  ]);
  expect(quotas[1]!.fix).toMatch(/hosting\.concurrency.*L-96300102.*https:\/\/console\.aws\.amazon\.com/);
  expect(quotas[2]!.fix).toMatch(/--no-spot/);
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
      message: expect.stringMatching(
        /^CatsInferRole lacks s3:GetObject on arn:aws:s3:::sluice-local-uploadsbucket\/uploads\/cats\/sluice-doctor, .*dynamodb:UpdateItem on arn:aws:dynamodb:\S+RecordsTable\.$/,
      ),
      fix: expect.stringContaining("infra/ declares"),
    }),
  );
});

test("roles of SageMaker, and the permission to pass them, are tested too", () => {
  const messages = findings.filter(({ check }) => check === "permissions").map(({ message }) => message);
  expect(messages).toContainEqual(
    expect.stringMatching(
      /^DeployRole lacks iam:PassRole on arn:aws:iam::000000000000:role\/\S*HostingRole\.$/,
    ),
  );
  expect(messages).toContainEqual(expect.stringMatching(/^HostingRole lacks s3:GetObject on \S+packages/));
});

describe("before a first deploy", () => {
  const before = async (environment: Record<string, string>) => {
    const { code: exit, json } = await sluice(["doctor", "--before-deploy", "--json"], "", {
      AWS_CONFIG_FILE: path.join(dir, "none"),
      AWS_SHARED_CREDENTIALS_FILE: path.join(dir, "none"),
      AWS_EC2_METADATA_DISABLED: "true",
      ...environment,
    });
    const found = json().findings as typeof findings;
    return { exit, of: (check: string) => found.filter((finding) => finding.check === check) };
  };

  test("every prerequisite is reported, with its fix where it is missing", async () => {
    const { of } = await before(stage.cloud.environment);
    const checks = [
      "node",
      "lock",
      "sst",
      "docker",
      "region",
      "credentials",
      "bootstrap",
      "permissions",
      "quotas",
    ];
    for (const check of checks) {
      expect(of(check), check).not.toEqual([]);
      for (const { status, fix } of of(check)) if (status !== "ok") expect(fix, check).toMatch(/\w{4}/);
    }
    expect(of("region")).toMatchObject([{ status: "ok", message: "AWS region us-east-1" }]);
    expect(of("bootstrap")[0]!.message).toMatch(/the first deploy creates its buckets/);
    expect(of("permissions")).toMatchObject([{ status: "warn", message: "The root user may deploy." }]);
    expect(of("quotas")).toHaveLength(6);
  });

  test("without region and credentials, each has its own fix", async () => {
    const { exit, of } = await before({});
    expect(exit).toBe(1);
    expect(of("region")).toMatchObject([{ status: "fail", fix: expect.stringContaining("AWS_REGION=") }]);
    expect(of("credentials")).toMatchObject([
      { status: "fail", fix: expect.stringContaining("aws sso login") },
    ]);
  });

  test("a role that may not deploy is told what it lacks, or that this cannot be read", async () => {
    const sts = new STSClient({});
    const as = async (RoleArn: string) => {
      const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "deployer" }));
      return before({
        ...stage.cloud.environment,
        AWS_ACCESS_KEY_ID: Credentials!.AccessKeyId!,
        AWS_SECRET_ACCESS_KEY: Credentials!.SecretAccessKey!,
        AWS_SESSION_TOKEN: Credentials!.SessionToken!,
      });
    };
    const role = (name: string) => `arn:aws:iam::000000000000:role/sluice-local-${name}`;
    const [blind, limited] = await Promise.all([as(role("EndpointChangedRole")), as(role("CatsInferRole"))]);
    expect(blind.of("permissions")).toMatchObject([
      { status: "warn", fix: expect.stringContaining("iam:SimulatePrincipalPolicy") },
    ]);
    expect(blind.of("quotas")).toMatchObject([
      { status: "warn", fix: expect.stringContaining("servicequotas:ListServiceQuotas") },
    ]);
    expect(limited.of("permissions")).toMatchObject([
      {
        status: "fail",
        message: expect.stringMatching(/may not: apigateway:PATCH, .*budgets:ModifyBudget, .*iam:CreateRole/),
      },
    ]);
  }, 120_000);
});

test("models without an endpoint are a warning, not a failure", () => {
  const warned = findings.filter(({ check }) => check === "endpoints");
  expect(warned.length).toBeGreaterThan(0);
  for (const { status, message } of warned) {
    expect(status).toBe("warn");
    expect(message).toContain("wait as pending");
  }
});
