// SageMaker's models, configs and endpoints. Every call may be repeated.
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  DeleteEndpointCommand,
  DeleteEndpointConfigCommand,
  DeleteModelCommand,
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  type DescribeEndpointOutput,
  DescribeModelCommand,
  UpdateEndpointCommand,
} from "@aws-sdk/client-sagemaker";
import { setTimeout as wait } from "node:timers/promises";
import { linked } from "../aws/link.ts";
import { isBusy, isExisting, isMissing } from "../aws/sagemaker-errors.ts";
import { sagemaker } from "../aws/sagemaker.ts";
import { tagsOf } from "../aws/tags.ts";
import { vpcConfig } from "../aws/vpc.ts";
import { SluiceError } from "../error/error.ts";
import { classifyError } from "../inference/classify.ts";
import { type ModelVersion, algorithmImage } from "../version/version.ts";
import type { DeploymentItem } from "./deployment.entity.ts";
import { configOf, imageOf } from "./hosting.ts";
import { expireLogs } from "./log-group.ts";
import { removeScaling } from "./scaling.ts";

export async function describeEndpoint(endpoint: string): Promise<DescribeEndpointOutput | undefined> {
  try {
    return await sagemaker().send(new DescribeEndpointCommand({ EndpointName: endpoint }));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw classifyError(error, endpoint);
  }
}

/** Creates the SageMaker model and the config, both named by content. Throws when the name has other content. */
export async function createConfig(
  { model, config, hosting }: DeploymentItem,
  version: ModelVersion,
): Promise<void> {
  await unless(isExisting, () =>
    sagemaker().send(
      new CreateModelCommand({
        ModelName: config,
        ExecutionRoleArn: linked("Hosting", "roleArn"),
        VpcConfig: vpcConfig("Hosting"),
        PrimaryContainer: {
          Image: imageOf(version),
          ModelDataUrl: version.packageUri,
          ...(!algorithmImage(version) && { Environment: { SLUICE_VERSION: version.version } }),
        },
        Tags: tagsOf(model),
      }),
    ),
  );
  await unless(isExisting, () =>
    sagemaker().send(
      new CreateEndpointConfigCommand({
        EndpointConfigName: config,
        ...configOf(config, model, hosting),
        Tags: tagsOf(model),
      }),
    ),
  );
  const problem = await configProblem(config, version.packageUri);
  if (problem) throw new SluiceError("DEPLOYMENT_FAILED", problem);
}

/** Why a config, or the model of its variant, does not serve this package. */
export async function configProblem(config: string, packageUri: string): Promise<string | undefined> {
  const name = (await variantOf(config))?.ModelName;
  if (!name) return `The config ${config} has no model.`;
  const { PrimaryContainer } = await sagemaker().send(new DescribeModelCommand({ ModelName: name }));
  const served = PrimaryContainer?.ModelDataUrl;
  return served === packageUri ? undefined : `The model ${name} serves ${served}, not ${packageUri}.`;
}

async function variantOf(config: string) {
  const { ProductionVariants } = await sagemaker().send(
    new DescribeEndpointConfigCommand({ EndpointConfigName: config }),
  );
  return ProductionVariants?.[0];
}

export type EndpointProgress =
  | { state: "serving" }
  | { state: "waiting" }
  /** Store `modifiedBefore` first, then call again to create or update the endpoint. */
  | { state: "save"; modifiedBefore: number; note?: string }
  | { state: "failed"; reason: string };

/** Creates or updates an endpoint until it serves a config. `modifiedBefore` distinguishes a new failure from an old one. */
export async function ensureEndpoint(
  model: string,
  endpoint: string,
  config: string,
  modifiedBefore: number | undefined,
): Promise<EndpointProgress> {
  const found = await describeEndpoint(endpoint);
  if (!found) {
    if (modifiedBefore === undefined) return { state: "save", modifiedBefore: 0 };
    await expireLogs(endpoint);
    const input = { EndpointName: endpoint, EndpointConfigName: config, Tags: tagsOf(model) };
    await unless(isExisting, () => sagemaker().send(new CreateEndpointCommand(input)));
    return { state: "waiting" };
  }
  const { EndpointStatus: status, FailureReason: reason } = found;
  const modifiedAt = found.LastModifiedTime?.getTime() ?? 0;
  const changed = modifiedBefore !== undefined && modifiedAt > modifiedBefore;
  if (status === "InService") {
    if (found.EndpointConfigName === config) return { state: "serving" };
    if (changed && reason)
      return { state: "failed", reason: `The update of ${endpoint} was rolled back: ${reason}` };
    if (modifiedBefore === undefined) return { state: "save", modifiedBefore: modifiedAt };
    await expireLogs(endpoint);
    await update(endpoint, found, config);
  } else if (status === "Failed" || status === "UpdateRollbackFailed") {
    if (changed) return { state: "failed", reason: `${endpoint} could not be created: ${reason}` };
    await deleteEndpoint(endpoint);
    if (await waitUntilGone(endpoint))
      return {
        state: "save",
        modifiedBefore: 0,
        note: `${endpoint} had failed (${reason}); it is deleted and created again.`,
      };
  }
  return { state: "waiting" };
}

async function update(endpoint: string, found: DescribeEndpointOutput, config: string): Promise<void> {
  const variants = found.ProductionVariants ?? [];
  const onInstances = variants.some(({ CurrentServerlessConfig }) => !CurrentServerlessConfig);
  // SageMaker rejects another instance type while the endpoint scales. The step `verifying` restores the scaling.
  if (onInstances) {
    const [present, wanted] = [await variantOf(found.EndpointConfigName!), await variantOf(config)];
    if (present?.InstanceType !== wanted?.InstanceType) await removeScaling(endpoint);
  }
  const input = {
    EndpointName: endpoint,
    EndpointConfigName: config,
    // Keeps the number of instances that scaling chose, unless it is zero.
    ...(variants.some(({ CurrentInstanceCount }) => CurrentInstanceCount) && {
      RetainAllVariantProperties: true,
    }),
  };
  await unless(isBusy, () => sagemaker().send(new UpdateEndpointCommand(input)));
}

/** Deletion takes seconds and its end has no event. */
const GONE_TRIES = 40;
const GONE_INTERVAL_MS = 500;

export async function waitUntilGone(endpoint: string): Promise<boolean> {
  for (let tries = 0; tries < GONE_TRIES; tries++) {
    if (!(await describeEndpoint(endpoint))) return true;
    await wait(GONE_INTERVAL_MS);
  }
  return false;
}

/** False when it cannot be deleted yet. */
export async function deleteEndpoint(endpoint: string): Promise<boolean> {
  try {
    await unlessMissing(() => sagemaker().send(new DeleteEndpointCommand({ EndpointName: endpoint })));
    return true;
  } catch (error) {
    if (isBusy(error)) return false;
    throw error;
  }
}

export async function deleteConfig(name: string): Promise<void> {
  await unless(isBusy, () =>
    unlessMissing(() => sagemaker().send(new DeleteEndpointConfigCommand({ EndpointConfigName: name }))),
  );
  await unlessMissing(() => sagemaker().send(new DeleteModelCommand({ ModelName: name })));
}

const unlessMissing = <T>(call: () => Promise<T>) => unless(isMissing, call);

async function unless<T>(
  expected: (error: unknown) => boolean,
  call: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (expected(error)) return undefined;
    throw error;
  }
}
