// From a package on disk to an endpoint, by names alone: run again it does nothing, with another package it updates.
import { createHash } from "node:crypto";
import { HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  DescribeEndpointCommand,
  UpdateEndpointCommand,
  type ProductionVariant,
} from "@aws-sdk/client-sagemaker";
import { byName, type Model } from "@sluice/models/index.ts";
import { modelName, type Target } from "@sluice/models/names.ts";
import { app, buckets, linked } from "../aws/link.ts";
import { s3 } from "../aws/s3.ts";
import { sagemaker } from "../aws/sagemaker.ts";
import { SluiceError } from "../error/error.ts";
import * as Models from "../model/model.ts";

interface Provision {
  model: string;
  /** The bytes of a model.tar.gz. */
  package: Uint8Array;
}

export interface Provisioned {
  endpoint: string;
  config: string;
  digest: string;
  packageUri: string;
  action: "created" | "updated" | "unchanged";
}

export async function provision(wanted: Provision): Promise<Provisioned> {
  const model = Models.model(wanted.model);
  const declaration = byName(wanted.model)!;
  const digest = createHash("sha256").update(wanted.package).digest("hex");
  const { name, stage } = app();
  const config = modelName({ app: name, stage }, model.name, model.target, { digest, shape: "0" });
  const packageUri = await upload(model.name, digest, wanted.package);
  const known = { endpoint: model.endpoint, config, digest, packageUri };

  const current = await describe(model.endpoint);
  if (current?.EndpointConfigName === config && current.EndpointStatus !== "Failed") {
    return { ...known, action: "unchanged" };
  }
  const tags = [
    { Key: "sluice:app", Value: name },
    { Key: "sluice:stage", Value: stage },
    { Key: "sluice:model", Value: model.name },
  ];
  await unlessExisting(() =>
    sagemaker().send(
      new CreateModelCommand({
        ModelName: config,
        ExecutionRoleArn: linked("Hosting", "roleArn"),
        PrimaryContainer: { Image: linked("Hosting", "serveImage"), ModelDataUrl: packageUri },
        Tags: tags,
      }),
    ),
  );
  await unlessExisting(() =>
    sagemaker().send(
      new CreateEndpointConfigCommand({
        EndpointConfigName: config,
        ProductionVariants: [variant(config, declaration, model.target)],
        Tags: tags,
      }),
    ),
  );
  const input = { EndpointName: model.endpoint, EndpointConfigName: config };
  if (current) {
    await sagemaker().send(new UpdateEndpointCommand(input));
    return { ...known, action: "updated" };
  }
  await sagemaker().send(new CreateEndpointCommand({ ...input, Tags: tags }));
  return { ...known, action: "created" };
}

/** The key is the content's digest: what is there already is the same. */
async function upload(model: string, digest: string, body: Uint8Array): Promise<string> {
  const bucket = buckets.artifacts();
  const key = `packages/${model}/${digest}/model.tar.gz`;
  try {
    await s3().send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
  } catch {
    await s3().send(
      new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: "application/gzip" }),
    );
  }
  return `s3://${bucket}/${key}`;
}

async function describe(endpoint: string) {
  try {
    return await sagemaker().send(new DescribeEndpointCommand({ EndpointName: endpoint }));
  } catch (error) {
    if (isValidation(error, /could not find|not found/i)) return undefined;
    throw error;
  }
}

async function unlessExisting(create: () => Promise<unknown>) {
  try {
    await create();
  } catch (error) {
    if (!isValidation(error, /already exist/i)) throw error;
  }
}

const isValidation = (error: unknown, says: RegExp) =>
  error instanceof Error &&
  /^(ValidationException|ValidationError|ResourceNotFound)$/.test(error.name) &&
  says.test(error.message);

function variant(config: string, { hosting, name }: Model, target: Target): ProductionVariant {
  const base = { VariantName: "AllTraffic", ModelName: config, InitialVariantWeight: 1 };
  if (target === "serverless") {
    return {
      ...base,
      ServerlessConfig: { MemorySizeInMB: hosting.memory, MaxConcurrency: hosting.concurrency },
    };
  }
  if (target === "async") {
    throw new SluiceError(
      "INPUT_INVALID",
      `hosting.target: asynchronous endpoints are not provisioned yet (${name}).`,
      {
        hint: 'Declare the model\'s hosting target "serverless" or "realtime".',
      },
    );
  }
  const instance = hosting.instance as ProductionVariant["InstanceType"];
  return { ...base, InstanceType: instance, InitialInstanceCount: hosting.autoscaling.min };
}
