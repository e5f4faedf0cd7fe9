// A whole cloud with one container folder, for tests of jobs and asynchronous endpoints over the wire. A hyperparameter
// (training), an argument (processing) or the request's body (serving) selects what its program does.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { shiftableClock } from "../../../kernel/clock.ts";
import type { Graph, Resource } from "../../../kernel/graph.ts";
import type { ServiceEvent } from "../../../kernel/service.ts";
import { testCloud } from "../../../kernel/testing-cloud.ts";

const WHOLE: Graph = { version: 1, app: "test", stage: "local", resources: [], functions: {} };
export const ROLE = "arn:aws:iam::000000000000:role/trainer";
export const IMAGE = "000000000000.dkr.ecr.us-east-1.amazonaws.com/box:local";

const TRAIN = `
import { readFileSync, writeFileSync, existsSync, globSync, mkdirSync } from "node:fs";
const ml = process.env.SM_OPT_ML;
const parameters = JSON.parse(readFileSync(ml + "/input/config/hyperparameters.json", "utf8"));
const step = existsSync(ml + "/checkpoints/step") ? Number(readFileSync(ml + "/checkpoints/step", "utf8")) : 0;
console.log("from step " + step);
const files = globSync("**/*", { cwd: ml + "/input/data", withFileTypes: true }).filter((entry) => entry.isFile());
const model = {
  step, parameters,
  job: process.env.TRAINING_JOB_NAME,
  own: process.env.OWN,
  shared: process.env.SHARED,
  data: Object.fromEntries(files.map((entry) => [
    (entry.parentPath + "/" + entry.name).slice((ml + "/input/data/").length),
    readFileSync(entry.parentPath + "/" + entry.name, "utf8"),
  ])),
};
const save = () => writeFileSync(ml + "/model/model.json", JSON.stringify(model));
const what = parameters.do ?? "train";
if (what === "fail") {
  writeFileSync(ml + "/output/failure", "no images to learn from");
  process.exit(3);
} else if (what === "crash") process.kill(process.pid, "SIGKILL");
else if (what === "train" || step > 0) {
  for (const epoch of [1, 2]) console.log("epoch=" + epoch + "; train:loss=" + 1 / epoch + ";");
  console.error("done");
  save();
  writeFileSync(ml + "/output/data/report.txt", "fine");
} else {
  writeFileSync(ml + "/checkpoints/step", "7");
  process.on("SIGTERM", () => {
    if (what === "stubborn") return;
    save();
    process.exit(0);
  });
  setInterval(() => {}, 1000);
  console.log("working=1");
}
`;

const EVALUATE = `
import { readFileSync, writeFileSync, mkdirSync } from "node:fs";
const [what, folder = ""] = process.argv.slice(2);
const at = (name) => process.env.SM_OPT_ML + "/processing/" + name;
mkdirSync(process.env.SM_OPT_ML + "/output", { recursive: true });
if (what === "fail") {
  writeFileSync(process.env.SM_OPT_ML + "/output/message", "the package is broken");
  process.exit(2);
} else if (what === "wait") {
  console.log("working");
  setInterval(() => {}, 1000);
} else {
  const text = readFileSync(at("input/" + folder), "utf8");
  mkdirSync(at("output/deep"), { recursive: true });
  writeFileSync(at("output/deep/answer.txt"), text.toUpperCase() + process.env.OWN);
  writeFileSync(process.env.SM_OPT_ML + "/output/message", "one file read");
  console.log("read", text);
}
`;

const SERVE = `
import { createServer } from "node:http";
createServer((request, response) => {
  if (request.url === "/ping") return response.end();
  let body = "";
  request.on("data", (chunk) => (body += chunk));
  request.on("end", () => {
    if (body === "never") return;
    response.statusCode = body === "bad" ? 400 : 200;
    response.end(process.env.MODEL + ":" + body);
  });
}).listen(Number(process.env.SAGEMAKER_BIND_TO_PORT), "127.0.0.1");
`;

export type JobCloud = Awaited<ReturnType<typeof jobCloud>>;

interface JobCloudOptions {
  /** What the role may do. */
  actions?: string[];
  /** More of the graph. */
  resources?: Resource[];
}

const ACTIONS = ["s3:*", "logs:*", "cloudwatch:*", "sns:Publish"];

export async function jobCloud({ actions = ACTIONS, resources = [] }: JobCloudOptions = {}) {
  const root = mkdtempSync(path.join(tmpdir(), "jobs-"));
  mkdirSync(path.join(root, "box"));
  writeFileSync(path.join(root, "box/train.mjs"), TRAIN);
  writeFileSync(path.join(root, "box/evaluate.mjs"), EVALUATE);
  writeFileSync(path.join(root, "box/serve.mjs"), SERVE);
  writeFileSync(
    path.join(root, "box/package.json"),
    JSON.stringify({ bin: { train: "train.mjs", evaluate: "evaluate.mjs", serve: "serve.mjs" } }),
  );
  const clock = shiftableClock();
  const state = path.join(root, "state");
  const graph: Partial<Graph> = {
    resources: [
      ...resources,
      {
        name: "Box",
        type: "docker-build:index:Image",
        inputs: { dockerfile: { location: "box/Dockerfile" } },
      },
      {
        name: "Trainer",
        type: "aws:iam/role:Role",
        inputs: {
          name: "trainer",
          inlinePolicies: [
            {
              policy: JSON.stringify({
                Version: "2012-10-17",
                Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }],
              }),
            },
          ],
        },
      },
    ],
  };
  const open = () => testCloud({ root, dir: state, clock, graph, variables: { SHARED: "cloud" } });

  const events: ServiceEvent[] = [];
  const connect = async () => {
    const cloud = await open();
    const { publish } = cloud.kernel;
    cloud.kernel.publish = (event) => {
      cloud.kernel.store.afterCommit(() => events.push(event));
      publish(event);
    };
    return { cloud, s3: new S3Client(cloud.client), sagemaker: new SageMakerClient(cloud.client) };
  };
  let now = await connect();
  await now.s3.send(new CreateBucketCommand({ Bucket: "box" }));

  const stop = () => now.cloud.stop();
  return {
    root,
    clock,
    events,
    get cloud() {
      return now.cloud;
    },
    get sagemaker() {
      return now.sagemaker;
    },
    put: (key: string, body: string) =>
      now.s3.send(new PutObjectCommand({ Bucket: "box", Key: key, Body: body })),
    async get(key: string) {
      const { Body } = await now.s3.send(new GetObjectCommand({ Bucket: "box", Key: key }));
      return Buffer.from(await Body!.transformToByteArray());
    },
    /** Stops the cloud and starts another on the same state. */
    async restart() {
      await stop();
      now = await connect();
    },
    /** Runs the cloud in another process during `use`, kills it with SIGKILL, and continues on its state. */
    async killedDuring(use: (sagemaker: SageMakerClient) => Promise<void>) {
      await stop();
      writeFileSync(path.join(root, "graph.json"), JSON.stringify({ ...WHOLE, ...graph }));
      const program = fileURLToPath(new URL("../../../main.ts", import.meta.url));
      const child = spawn(
        process.execPath,
        [program, "--port", "0", "--dir", state, "--lock", "graph.json"],
        {
          cwd: root,
        },
      );
      const [said] = (await once(child.stdout, "data")) as [Buffer];
      const [endpoint] = /http:\/\/[\d.]+:\d+/.exec(String(said))!;
      try {
        await use(new SageMakerClient({ ...now.cloud.client, endpoint }));
      } finally {
        child.kill("SIGKILL");
        await once(child, "exit");
      }
      now = await connect();
    },
    async dispose() {
      await stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
