// What a first deploy needs, before anything is deployed.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { root } from "../target/target.ts";
import { type AwsContext, type CheckResult, fail, ok, warn } from "./check.ts";
import { findDenied, isDenied, openIam } from "./simulate.ts";

const run = promisify(execFile);
const DOCKER_TIMEOUT_MS = 20_000;

export async function checkRegion({ sdk }: AwsContext): Promise<CheckResult[]> {
  try {
    return [ok(`AWS region ${await new STSClient(sdk).config.region()}`)];
  } catch {
    return [fail("No AWS region is set.", "Set it, for instance: export AWS_REGION=us-east-1")];
  }
}

export async function checkSst(): Promise<CheckResult[]> {
  const read = (file: string) =>
    JSON.parse(readFileSync(path.join(root, file), "utf8")) as Record<string, any>;
  const wanted = String(read("package.json")["dependencies"]["sst"]);
  const installed = String(read("node_modules/sst/package.json")["version"]);
  if (installed === wanted) return [ok(`SST ${installed}`)];
  return [fail(`SST ${installed} is installed instead of ${wanted}.`, "Run `npm ci`.")];
}

/** SST builds the containers with Docker and pushes them to ECR. */
export async function checkDocker(command = "docker"): Promise<CheckResult[]> {
  const docker = async (...args: string[]) =>
    (await run(command, args, { timeout: DOCKER_TIMEOUT_MS })).stdout.trim();
  let version: string;
  try {
    version = await docker("version", "--format", "{{.Server.Version}}");
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    return [
      fail(
        missing ? "Docker is not installed. A deploy builds the images with it." : "Docker does not run.",
        missing
          ? "Install Docker with its buildx plugin, and start it."
          : "Start Docker, then run the doctor again.",
      ),
    ];
  }
  try {
    await docker("buildx", "version");
  } catch {
    return [fail(`Docker ${version} has no buildx.`, "Install Docker's buildx plugin.")];
  }
  if (process.arch === "x64") return [ok(`Docker ${version} with buildx`)];
  return [
    warn(
      `Docker ${version} with buildx; SageMaker needs x86 images, and this machine is ${process.arch}.`,
      "Make sure that Docker can emulate linux/amd64: `docker run --privileged --rm tonistiigi/binfmt --install amd64`.",
    ),
  ];
}

/** SST keeps its state in a bucket of the account and region, which its first deploy creates. */
export async function checkBootstrap({ sdk }: AwsContext): Promise<CheckResult[]> {
  const { Buckets = [] } = await new S3Client(sdk).send(new ListBucketsCommand({}));
  const state = Buckets.find(({ Name }) => Name?.startsWith("sst-state-"))?.Name;
  return [
    ok(
      state
        ? `SST is set up in this account: ${state}`
        : "SST is not set up in this account; the first deploy creates its buckets and the parameter /sst/bootstrap",
    ),
  ];
}

/** Actions of every service that a deploy uses. Not complete: a deploy needs the create, read, tag and delete actions of each. */
const DEPLOY_ACTIONS = [
  // The log role of the account's API Gateway.
  "apigateway:PATCH",
  "apigateway:POST",
  "budgets:ModifyBudget",
  "cloudfront:CreateDistribution",
  "cloudwatch:PutDashboard",
  "cloudwatch:PutMetricAlarm",
  "dynamodb:CreateTable",
  "ecr:CreateRepository",
  "ecr:GetAuthorizationToken",
  "events:CreateEventBus",
  "events:PutRule",
  "events:PutTargets",
  "iam:CreateRole",
  "iam:PassRole",
  "iam:PutRolePolicy",
  "lambda:AddPermission",
  "lambda:CreateEventSourceMapping",
  "lambda:CreateFunction",
  "lambda:PutFunctionEventInvokeConfig",
  "logs:CreateLogGroup",
  "s3:CreateBucket",
  "s3:PutObject",
  "scheduler:CreateSchedule",
  "sns:CreateTopic",
  "sns:SetTopicAttributes",
  "sns:Subscribe",
  "sqs:CreateQueue",
  "ssm:GetParameter",
  "ssm:PutParameter",
];

export async function checkDeployPermissions({ sdk }: AwsContext): Promise<CheckResult[]> {
  const { Arn = "" } = await new STSClient(sdk).send(new GetCallerIdentityCommand({}));
  if (Arn.endsWith(":root"))
    return [warn("The root user may deploy.", "Use a role instead, such as one of IAM Identity Center.")];
  const principal = toPrincipal(Arn);
  try {
    const question = { actions: DEPLOY_ACTIONS, resources: ["*"], context: {} };
    const denied = await findDenied(openIam(sdk), principal, question);
    const actions = denied.map((one) => one.replace(/ on \*$/, ""));
    if (actions.length === 0)
      return [ok(`${principal} may create what a deploy creates (${DEPLOY_ACTIONS.length} actions tested)`)];
    return [
      fail(
        `${principal} may not: ${actions.join(", ")}.`,
        "Deploy with a role that may, such as one with the policy AdministratorAccess.",
      ),
    ];
  } catch (error) {
    const { name } = error as Error;
    if (!isDenied(error) && name !== "NoSuchEntityException" && name !== "InvalidInputException") throw error;
    return [
      warn(
        `The permissions of ${principal} cannot be simulated: ${name}.`,
        "Allow iam:SimulatePrincipalPolicy, or deploy and read its errors.",
      ),
    ];
  }
}

/** The role of a session. IAM Identity Center's roles have a path, which the session does not show. */
export function toPrincipal(arn: string): string {
  const [, partition, , , account, resource = ""] = arn.split(":");
  const [kind, role = ""] = resource.split("/");
  if (kind !== "assumed-role") return arn;
  const folder = role.startsWith("AWSReservedSSO_") ? "aws-reserved/sso.amazonaws.com/" : "";
  return `arn:${partition}:iam::${account}:role/${folder}${role}`;
}
