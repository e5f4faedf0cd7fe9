// Endpoints for tests: a kernel with SageMaker, and a container that answers with the name of its model's package.
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { create } from "tar";
import { afterEach, beforeEach, expect } from "vitest";
import type { Quotas } from "../../../kernel/quotas.ts";
import type { Plugin } from "../../../kernel/service.ts";
import { testKernel, type TestKernel } from "../../../kernel/testing.ts";
import { sagemaker } from "../plugin.ts";

/** Requests and packages with special names make it fail or wait. */
const PROGRAM = `
import { createServer } from "node:http";
import { existsSync, readFileSync } from "node:fs";
const model = readFileSync(process.env.SM_OPT_ML + "/model/answer.txt", "utf8");
if (model === "crash") { console.log("cannot load"); process.exit(3); }
createServer((request, response) => {
  if (request.url === "/ping") return response.end();
  let body = "";
  request.on("data", (chunk) => (body += chunk));
  request.on("end", () => {
    if (body === "die") process.exit(1);
    const answer = () => {
      const [, file] = body.split("until ");
      if (file && !existsSync(file)) return setTimeout(answer, 10);
      response.statusCode = body === "bad" ? 400 : 200;
      response.setHeader("content-type", "text/plain");
      response.end(model + ":" + body + ":" + request.headers["content-type"]);
    };
    answer();
  });
}).listen(Number(process.env.SAGEMAKER_BIND_TO_PORT), "127.0.0.1");
process.on("SIGTERM", () => process.exit(0));
`;

/** How long an endpoint may take to start or change on a busy machine, ms. */
const CHANGE_MS = 20_000;
const ON_ONE_INSTANCE = { InstanceType: "ml.m5.large", InitialInstanceCount: 1 };

/** Replaces CloudWatch: `ringing` has the names of the alarms that are in alarm. */
const cloudwatch = (ringing: Set<string>): Plugin => ({
  name: "cloudwatch",
  resources: {},
  start: () => ({
    access: () => [],
    operations: {
      PutMetricData: () => ({}),
      DescribeAlarms: ({ AlarmNames }: { AlarmNames: string[] }) => ({
        MetricAlarms: AlarmNames.filter((name) => ringing.has(name)).map((AlarmName) => ({ AlarmName })),
      }),
    },
  }),
});

/** Replaces S3: the first part of a key is the content of its package. */
const s3: Plugin = {
  name: "s3",
  resources: {},
  start: () => ({
    access: () => [],
    operations: {
      async GetObject({ Key }: { Key: string }) {
        const folder = mkdtempSync(path.join(tmpdir(), "package-"));
        writeFileSync(path.join(folder, "answer.txt"), Key.split("/")[0]!);
        chmodSync(path.join(folder, "answer.txt"), 0o6755);
        const file = path.join(folder, "m.tar.gz");
        await create({ gzip: true, cwd: folder, file }, ["answer.txt"]);
        const body = readFileSync(file);
        rmSync(folder, { recursive: true });
        return { Body: Readable.from(body) };
      },
    },
  }),
};

/** Starts a kernel before each test of the file, and disposes it afterwards. */
export function endpointTests({ quotas }: { quotas?: Quotas } = {}) {
  let root: string;
  let kernel: TestKernel;
  const ringing = new Set<string>();

  beforeEach(async () => {
    root = mkdtempSync(path.join(tmpdir(), "sagemaker-"));
    mkdirSync(path.join(root, "box"));
    writeFileSync(path.join(root, "box/serve.mjs"), PROGRAM);
    writeFileSync(path.join(root, "box/package.json"), JSON.stringify({ bin: { serve: "serve.mjs" } }));
    const box = {
      name: "Box",
      type: "docker-build:index:Image",
      inputs: { dockerfile: { location: "box/Dockerfile" } },
    };
    kernel = await testKernel({
      root,
      plugins: [s3, cloudwatch(ringing), sagemaker],
      graph: { resources: [box] },
      quotas,
    });
  });
  afterEach(async () => {
    await kernel.dispose();
    rmSync(root, { recursive: true });
    ringing.clear();
  });

  const request = (operation: string, input: object) => kernel.call("sagemaker", operation, input);

  /** A model and an endpoint config of the same name, whose container answers with that name. */
  async function createConfig(name: string, variant: object = ON_ONE_INSTANCE) {
    await request("CreateModel", {
      ModelName: name,
      ExecutionRoleArn: "arn:aws:iam::000000000000:role/hosting",
      PrimaryContainer: {
        Image: "000000000000.dkr.ecr.us-east-1.amazonaws.com/box:local",
        ModelDataUrl: `s3://artifacts/${name}/model.tar.gz`,
      },
    });
    await request("CreateEndpointConfig", {
      EndpointConfigName: name,
      ProductionVariants: [{ VariantName: "main", ModelName: name, ...variant }],
    });
  }

  /** The endpoint `e`, once no change is in progress. */
  async function changed() {
    const describe = () => request("DescribeEndpoint", { EndpointName: "e" });
    await expect
      .poll(async () => (await describe()).EndpointStatus, { timeout: CHANGE_MS })
      .not.toMatch(/ing$/);
    return describe();
  }

  async function createEndpoint(config: string, more: object = {}) {
    await request("CreateEndpoint", { EndpointName: "e", EndpointConfigName: config, ...more });
    return changed();
  }

  async function invoke(body: string, name = "e"): Promise<string> {
    const response = await request("InvokeEndpoint", {
      EndpointName: name,
      Body: Buffer.from(body),
      ContentType: "text/plain",
    });
    return Buffer.from(response.Body).toString();
  }

  /** The statuses of the endpoint's events, in their order. */
  const statuses = () =>
    kernel.events
      .filter((event) => event.detailType === "SageMaker Endpoint State Change")
      .map((event) => event.detail["EndpointStatus"]);

  return {
    kernel: () => kernel,
    root: () => root,
    async restart() {
      kernel = await kernel.restart();
    },
    ringing,
    request,
    createConfig,
    createEndpoint,
    changed,
    invoke,
    statuses,
  };
}
