// SageMaker's models, configs and endpoints, asked for so that asking twice is asking once.
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  DeleteEndpointCommand,
  DeleteEndpointConfigCommand,
  DeleteModelCommand,
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  DescribeModelCommand,
  UpdateEndpointCommand,
} from "@aws-sdk/client-sagemaker";
import { setTimeout as wait } from "node:timers/promises";
import { app, linked } from "../aws/link.ts";
import { sagemaker } from "../aws/sagemaker.ts";
import { SluiceError } from "../error/error.ts";
import { type ModelVersion, ownImage } from "../version/version.ts";
import { isBusy, isExisting, isMissing } from "./answers.ts";
import type { DeploymentItem } from "./deployment.entity.ts";
import { configOf, imageOf } from "./hosting.ts";
import { unscale } from "./scaling.ts";

export async function describe(endpoint: string) {
  return unlessMissing(() => sagemaker().send(new DescribeEndpointCommand({ EndpointName: endpoint })));
}

const tags = (model: string) => [
  { Key: "sluice:app", Value: app().name },
  { Key: "sluice:stage", Value: app().stage },
  { Key: "sluice:model", Value: model },
];

/** The SageMaker model and the config, both named by content. A name taken by other content is a refusal. */
export async function prepare(
  { model, config, hosting }: DeploymentItem,
  version: ModelVersion,
): Promise<void> {
  await unlessExisting(() =>
    sagemaker().send(
      new CreateModelCommand({
        ModelName: config,
        ExecutionRoleArn: linked("Hosting", "roleArn"),
        PrimaryContainer: {
          Image: imageOf(version),
          ModelDataUrl: version.packageUri,
          ...(!ownImage(version) && { Environment: { SLUICE_VERSION: version.version } }),
        },
        Tags: tags(model),
      }),
    ),
  );
  await unlessExisting(() =>
    sagemaker().send(
      new CreateEndpointConfigCommand({
        EndpointConfigName: config,
        ...configOf(config, model, hosting),
        Tags: tags(model),
      }),
    ),
  );
  const problem = await mismatch(config, version.packageUri);
  if (problem) throw new SluiceError("DEPLOYMENT_FAILED", problem);
}

/** What is wrong with a config, or with the model behind its variant; nothing when both are the version's. */
export async function mismatch(config: string, packageUri: string): Promise<string | undefined> {
  const { ProductionVariants } = await sagemaker().send(
    new DescribeEndpointConfigCommand({ EndpointConfigName: config }),
  );
  const behind = ProductionVariants?.[0]?.ModelName;
  if (!behind) return `The config ${config} has no model.`;
  const { PrimaryContainer } = await sagemaker().send(new DescribeModelCommand({ ModelName: behind }));
  const served = PrimaryContainer?.ModelDataUrl;
  return served === packageUri ? undefined : `The model ${behind} serves ${served}, not ${packageUri}.`;
}

async function instanceOf(config: string): Promise<string | undefined> {
  const { ProductionVariants } = await sagemaker().send(
    new DescribeEndpointConfigCommand({ EndpointConfigName: config }),
  );
  return ProductionVariants?.[0]?.InstanceType;
}

export type Raised =
  | { state: "serving" }
  | { state: "waiting"; note?: string }
  /** The next thing to do must be remembered before it is done. */
  | { state: "ask"; modifiedAt: number; note?: string }
  | { state: "failed"; reason: string };

/** Sees to it that an endpoint serves a config. `asked`: its last-modified time when it was told so, 0 for none. */
export async function raise(
  model: string,
  endpoint: string,
  config: string,
  asked: number | undefined,
): Promise<Raised> {
  const found = await describe(endpoint);
  if (!found) {
    if (asked === undefined) return { state: "ask", modifiedAt: 0 };
    const input = { EndpointName: endpoint, EndpointConfigName: config, Tags: tags(model) };
    await unlessExisting(() => sagemaker().send(new CreateEndpointCommand(input)));
    return { state: "waiting" };
  }
  const { EndpointStatus: status, EndpointConfigName: present, FailureReason } = found;
  const modifiedAt = found.LastModifiedTime?.getTime() ?? 0;
  const moved = asked !== undefined && modifiedAt > asked;
  if (status === "InService") {
    if (present === config) return { state: "serving" };
    if (moved && FailureReason)
      return { state: "failed", reason: `The update of ${endpoint} was rolled back: ${FailureReason}` };
    if (asked === undefined) return { state: "ask", modifiedAt };
    const variants = found.ProductionVariants ?? [];
    const onInstances = variants.some(({ CurrentServerlessConfig }) => !CurrentServerlessConfig);
    const counted = variants.some(({ CurrentInstanceCount }) => CurrentInstanceCount);
    // SageMaker refuses other instances to an endpoint that is scaled. Once proven, it is scaled anew.
    if (onInstances && (await instanceOf(present!)) !== (await instanceOf(config))) await unscale(endpoint);
    const input = {
      EndpointName: endpoint,
      EndpointConfigName: config,
      // Scaled to where the load is: an update must not take it back to where it began, nor leave it with no instance.
      ...(counted && { RetainAllVariantProperties: true }),
    };
    await unlessBusy(() => sagemaker().send(new UpdateEndpointCommand(input)));
    return { state: "waiting" };
  }
  if (status === "Failed" || status === "UpdateRollbackFailed") {
    if (moved) return { state: "failed", reason: `${endpoint} could not be created: ${FailureReason}` };
    await remove(endpoint);
    if (!(await gone(endpoint))) return { state: "waiting" };
    return {
      state: "ask",
      modifiedAt: 0,
      note: `${endpoint} had failed (${FailureReason}); deleted, created anew.`,
    };
  }
  return { state: "waiting" };
}

/** Deleting tells by no event when it is done; it takes seconds. */
const goneTries = 40;
const goneEveryMs = 500;

export async function gone(endpoint: string): Promise<boolean> {
  for (let tries = 0; tries < goneTries; tries++) {
    if (!(await describe(endpoint))) return true;
    await wait(goneEveryMs);
  }
  return false;
}

/** False when it cannot be deleted yet. */
export async function remove(endpoint: string): Promise<boolean> {
  try {
    await unlessMissing(() => sagemaker().send(new DeleteEndpointCommand({ EndpointName: endpoint })));
    return true;
  } catch (error) {
    if (isBusy(error)) return false;
    throw error;
  }
}

export async function removeConfig(name: string): Promise<void> {
  await unlessBusy(() =>
    unlessMissing(() => sagemaker().send(new DeleteEndpointConfigCommand({ EndpointConfigName: name }))),
  );
  await unlessMissing(() => sagemaker().send(new DeleteModelCommand({ ModelName: name })));
}

async function unlessMissing<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function unlessExisting(create: () => Promise<unknown>) {
  try {
    await create();
  } catch (error) {
    if (!isExisting(error)) throw error;
  }
}

async function unlessBusy(change: () => Promise<unknown>) {
  try {
    await change();
  } catch (error) {
    if (!isBusy(error)) throw error;
  }
}
