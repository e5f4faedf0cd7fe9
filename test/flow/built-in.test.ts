// SageMaker's own image classification, from labels to an answer, against a SageMaker and an S3 that a test plays.
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { CopyObjectCommand, GetObjectCommand, HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import {
  CreateEndpointCommand,
  CreateModelCommand,
  CreateProcessingJobCommand,
  CreateTrainingJobCommand,
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  DescribeModelCommand,
  DescribeTrainingJobCommand,
  SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import { InvokeEndpointCommand } from "@aws-sdk/client-sagemaker-runtime";
import { db } from "@sluice/core/db.ts";
import { advanceDeployment } from "@sluice/core/deployment/advance.ts";
import { getDeployment } from "@sluice/core/deployment/read.ts";
import { provision } from "@sluice/core/deployment/request.ts";
import { startEvaluation } from "@sluice/core/evaluation/start.ts";
import { infer } from "@sluice/core/inference/infer.ts";
import { getModel } from "@sluice/core/model/model.ts";
import { advanceRun } from "@sluice/core/training/advance.ts";
import { getRun } from "@sluice/core/training/read.ts";
import { startTraining } from "@sluice/core/training/start.ts";
import { registerRun } from "@sluice/core/evaluation/trained.ts";
import { mockClient } from "aws-sdk-client-mock";
import { Header } from "tar";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { edges, failure, png } from "./edges.ts";
import { setLink } from "./links.ts";
import { stage } from "./stage.ts";

const model = "vehicles";
const dataset = "ds_1";
const folder = `datasets/${model}/${dataset}/`;
const image = "811284229777.dkr.ecr.us-east-1.amazonaws.com/image-classification:1";
const now = Date.parse("2026-11-21T08:00:00Z");
const trainingLink = { roleArn: "arn:training", probeImage: "probe" };

let cloud: Awaited<ReturnType<typeof stage>>;
const { objects: s3, models: runtime, works } = edges();
const sagemaker = mockClient(SageMakerClient);
const files = new Map<string, Buffer>();

beforeAll(async () => {
  cloud = await stage();
  process.env.SST_RESOURCE_Hosting = JSON.stringify({ roleArn: "arn:role", serveImage: "ours" });
  process.env.SST_RESOURCE_Training = JSON.stringify(trainingLink);
  const split = { train: 2, validation: 1, test: 1 };
  await db()
    .entities.dataset.put({
      id: dataset,
      model,
      status: "ready",
      round: 1,
      options: { seed: 1, split: { train: 0.5, validation: 0.25, test: 0.25 }, caps: {}, weights: "none" },
      digest: "d".repeat(64),
      folder,
      items: split,
      objects: split,
      createdAt: new Date(now).toISOString(),
      changedAt: new Date(now).toISOString(),
    })
    .go();
});
afterAll(() => cloud.dispose());

const lines = (...of: [string, string][]) =>
  Buffer.from(of.map(([file, label]) => `${JSON.stringify({ file, label })}\n`).join(""));

beforeEach(() => {
  works();
  files.clear();
  files.set(`${folder}train.jsonl`, lines(["data/vehicles/a b.jpg", "bus"], ["data/vehicles/c.png", "car"]));
  files.set(`${folder}validation.jsonl`, lines(["data/vehicles/d.jpg", "truck"]));
  files.set(`${folder}test.jsonl`, lines(["data/vehicles/e.png", "bus"]));
  files.set("data/vehicles/e.png", png(8, 8));
  const body = (bytes: Buffer) =>
    Object.assign(Readable.from([bytes]), { transformToByteArray: () => Promise.resolve(bytes) });
  s3.on(GetObjectCommand).callsFake(({ Key }) => {
    const bytes = files.get(Key);
    if (!bytes) throw failure("NoSuchKey");
    return { Body: body(bytes), ContentType: "image/png" };
  });
  s3.on(PutObjectCommand).callsFake(async ({ Key, Body }) => {
    files.set(Key, Buffer.from(Body));
    return {};
  });
  s3.on(HeadObjectCommand).rejects(failure("NotFound"));
  s3.on(CopyObjectCommand).resolves({});
  sagemaker.reset();
  sagemaker.onAnyCommand().resolves({});
});

/** As the algorithm leaves it: nothing in it tells of itself. */
function mxnet(): Buffer {
  const blocks = ["image-classification-0004.params", "image-classification-symbol.json"].map((path) => {
    const header = Buffer.alloc(512);
    new Header({ path, size: 4, type: "File", mode: 0o600, mtime: new Date(0) }).encode(header, 0);
    return Buffer.concat([header, Buffer.concat([Buffer.from("mxnet")], 512)]);
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1_024)]));
}

let runs = 0;
const begin = async () => {
  const nonce = String((runs += 1)).padStart(4, "0");
  const { name } = await startTraining(
    model,
    { container: "builtin", dataset, epochs: 5, force: true },
    { requestedBy: "test", now, nonce },
  );
  await advanceRun(name, now);
  return name;
};

/** The version of a run whose job ended with this accuracy. */
async function ended(accuracy?: number) {
  const name = await begin();
  files.set(`training/${name}/output/model.tar.gz`, mxnet());
  sagemaker.on(DescribeTrainingJobCommand).resolves({
    TrainingJobName: name,
    AlgorithmSpecification: { TrainingImage: image, TrainingInputMode: "Pipe" },
    HyperParameters: { image_shape: "3,224,224" },
    FinalMetricDataList: [
      { MetricName: "train:accuracy", Value: 0.99 },
      ...(accuracy === undefined ? [] : [{ MetricName: "validation:accuracy", Value: accuracy }]),
    ],
    ModelArtifacts: { S3ModelArtifacts: `s3://artifacts/training/${name}/output/model.tar.gz` },
  });
  return { name, version: await registerRun({ name, model, dataset }, now) };
}

async function forget() {
  const { data } = await db().entities.modelVersion.query.byTime({ model }).go();
  for (const { version } of data) await db().entities.modelVersion.delete({ model, version }).go();
}

describe("SageMaker's own image classification", () => {
  test("reads augmented manifests, which stream the images instead of copying them", async () => {
    const name = await begin();
    const [request] = sagemaker.commandCalls(CreateTrainingJobCommand).map(({ args }) => args[0].input);
    const channel = (ChannelName: string) => ({
      ChannelName,
      DataSource: {
        S3DataSource: {
          S3DataType: "AugmentedManifestFile",
          S3Uri: `s3://artifacts/training/${name}/input/${ChannelName}.manifest`,
          S3DataDistributionType: "FullyReplicated",
          AttributeNames: ["source-ref", "class"],
        },
      },
      ContentType: "application/x-recordio",
      RecordWrapperType: "RecordIO",
      CompressionType: "None",
      InputMode: "Pipe",
    });
    expect(request).toMatchObject({
      TrainingJobName: name,
      AlgorithmSpecification: { TrainingImage: image, TrainingInputMode: "Pipe" },
      InputDataConfig: [channel("train"), channel("validation")],
      ResourceConfig: { InstanceType: "ml.g4dn.xlarge", InstanceCount: 1 },
    });
    // SageMaker refuses other definitions of its own algorithm's metrics, and the algorithm words it does not know.
    expect(request!.AlgorithmSpecification).not.toHaveProperty("MetricDefinitions");
    expect(request!.HyperParameters).toEqual({
      use_pretrained_model: "1",
      num_layers: "18",
      learning_rate: "0.01",
      image_shape: "3,224,224",
      epochs: "5",
      num_classes: "5",
      num_training_samples: "2",
      mini_batch_size: "2",
    });
    expect(String(files.get(`training/${name}/input/train.manifest`))).toBe(
      '{"source-ref":"s3://uploads/data/vehicles/a b.jpg","class":"2"}\n' +
        '{"source-ref":"s3://uploads/data/vehicles/c.png","class":"0"}\n',
    );
  });

  test("trains in the VPC that the deployment declares", async () => {
    setLink("Training", { ...trainingLink, subnets: "subnet-1,subnet-2", securityGroups: "sg-1" });
    await begin();
    setLink("Training", trainingLink);
    await begin();
    const requests = sagemaker.commandCalls(CreateTrainingJobCommand).map(({ args }) => args[0].input);
    expect(requests.map(({ VpcConfig }) => VpcConfig)).toEqual([
      { Subnets: ["subnet-1", "subnet-2"], SecurityGroupIds: ["sg-1"] },
      undefined,
    ]);
  });

  test.each([
    ["a picture it cannot decode", ["x.webp", "bus"], /JPEG and PNG; x.webp is neither/],
    ["a class that is declared no longer", ["x.jpg", "tram"], /x.jpg is labeled tram/],
  ] as const)("fails before its job for %s, and says so", async (_, [file, label], reason) => {
    files.set(`${folder}validation.jsonl`, lines([file, label]));
    expect(await getRun(await begin())).toMatchObject({
      status: "Failed",
      failureReason: expect.stringMatching(reason),
    });
    expect(sagemaker.commandCalls(CreateTrainingJobCommand)).toEqual([]);
  });

  test("becomes a version with its validation metrics, which the policy evaluates", async () => {
    const { version } = await ended(0.9);
    expect(version).toMatchObject({
      status: "accepted",
      evaluation: "done",
      metrics: { accuracy: 0.9, samples: 1 },
      reason: expect.stringMatching(
        /^accuracy 0.9; the policy requires 0.8\. Measured by the algorithm on the validation/,
      ),
      code: image,
      manifest: { algorithm: "image-classification", classes: getModel(model).classes, width: 224 },
    });
    expect(sagemaker.commandCalls(CreateProcessingJobCommand)).toEqual([]);
    await expect(startEvaluation(version, {}, now)).rejects.toMatchObject({ code: "EVALUATION_IMPOSSIBLE" });
    await forget();
    expect((await ended(0.7)).version).toMatchObject({
      status: "refused",
      reason: expect.stringContaining("accuracy 0.7 is below the 0.8"),
    });
    await forget();
    await expect(ended()).rejects.toMatchObject({ code: "EVALUATION_MISSING" });
  });

  test("is served by its own image, and its list of probabilities becomes a prediction", async () => {
    const { version } = await ended(0.95);
    let endpoint: object | undefined;
    sagemaker.on(DescribeEndpointCommand).callsFake(() => {
      if (!endpoint) throw failure("ValidationException", "Could not find endpoint");
      return { EndpointStatus: "InService", LastModifiedTime: new Date(now), ...endpoint };
    });
    sagemaker.on(CreateEndpointCommand).callsFake(async ({ EndpointConfigName }) => {
      endpoint = { EndpointConfigName };
    });
    sagemaker
      .on(DescribeEndpointConfigCommand)
      .resolves({ ProductionVariants: [{ ModelName: "m" }] } as never);
    sagemaker
      .on(DescribeModelCommand)
      .resolves({ PrimaryContainer: { ModelDataUrl: version.packageUri } } as never);
    runtime.on(InvokeEndpointCommand).callsFake(() => ({
      Body: Buffer.from(JSON.stringify([0.01, 0.01, 0.96, 0.01, 0.01])),
    }));
    const { deployment } = await provision({ model, version: version.version }, "test", now);
    for (let turn = 0; turn < 4; turn++) await advanceDeployment(model, () => now);
    expect(await getDeployment(deployment!.id)).toMatchObject({ status: "live" });
    const [made] = sagemaker.commandCalls(CreateModelCommand).map(({ args }) => args[0].input);
    expect(made!.PrimaryContainer).toEqual({ Image: image, ModelDataUrl: version.packageUri });

    const { result, body } = await infer(
      {
        id: "p1",
        model: getModel(model),
        source: { bucket: "uploads", key: "uploads/vehicles/x.png" },
        bytes: png(8, 8),
        spent: {},
        startedAt: now,
        deadline: now + 1_000,
      },
      { now: () => now, sleep: () => Promise.resolve(), random: () => 0, print: () => {} },
    );
    expect(result).toMatchObject({
      class: "bus",
      probability: 0.96,
      modelVersion: version.version,
      gate: { passed: true, class: "bus" },
    });
    expect(JSON.parse(Buffer.from(body).toString())).toMatchObject({ version: version.version, model });
    const asked = runtime.commandCalls(InvokeEndpointCommand).map(({ args }) => args[0].input.ContentType);
    expect(new Set(asked)).toEqual(new Set(["application/x-image"]));
  });
});
