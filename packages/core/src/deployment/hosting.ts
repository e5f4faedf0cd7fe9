// How a version is hosted, in SageMaker's terms.
import { createHash } from "node:crypto";
import type { CreateEndpointConfigCommandInput, ProductionVariant } from "@aws-sdk/client-sagemaker";
import type { Model } from "@sluice/models/index.ts";
import { candidateName, endpointName, modelName } from "@sluice/models/names.ts";
import { appStage, buckets, linked } from "../aws/link.ts";
import { vpcConfig } from "../aws/vpc.ts";
import { SluiceError } from "../error/error.ts";
import { type ModelVersion, algorithmImage } from "../version/version.ts";
import type { Hosting } from "./deployment.ts";

export const variantName = "AllTraffic";

/** The declared hosting with the options of the request. */
export function hostingOf({ hosting }: Model, request: Partial<Hosting>): Hosting {
  const given = Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));
  const resolved = { ...hosting, ...given };
  checkOptions(resolved.target, given);
  const { min, max } = resolved.autoscaling;
  // Only an asynchronous endpoint can wait for an instance.
  return resolved.target === "async"
    ? resolved
    : { ...resolved, autoscaling: { min: Math.max(1, min), max } };
}

const optionsOf: Record<Hosting["target"], string[]> = {
  serverless: ["memory", "concurrency"],
  realtime: ["instance"],
  async: ["instance"],
  local: [],
};

/** An option that the target would ignore is an error. */
function checkOptions(target: Hosting["target"], given: object) {
  const allowed = optionsOf[target];
  const stray = ["memory", "concurrency", "instance"].find(
    (name) => name in given && !allowed.includes(name),
  );
  if (!stray) return;
  const targets = Object.entries(optionsOf)
    .filter(([, options]) => options.includes(stray))
    .map(([name]) => name);
  throw new SluiceError("INPUT_INVALID", `${stray}: the target ${target} has no such option.`, {
    hint: `Leave it out${allowed.length > 0 ? `, use ${allowed.join(" or ")}` : ""}, or use the target ${targets.join(" or ")}.`,
  });
}

/** Our serving image, or the image of the algorithm that trained the version. */
export const imageOf = (version: Pick<ModelVersion, "manifest" | "code">): string =>
  algorithmImage(version) ?? linked("Hosting", "serveImage");

export function namesOf(version: ModelVersion, hosting: Hosting) {
  const { model, digest } = version;
  const { target } = hosting;
  if (target === "local") return { endpoint: "", candidate: "", config: "" };
  if (target === "serverless" && vpcConfig("Hosting"))
    throw new SluiceError(
      "INPUT_INVALID",
      `target: ${model} cannot have a serverless endpoint, because this deployment is in a VPC.`,
      { hint: `Use another target: npx sluice provision ${model} --target realtime, or async.` },
    );
  return {
    endpoint: endpointName(appStage(), model, target),
    candidate: candidateName(appStage(), model, target),
    config: modelName(appStage(), model, target, { digest, shape: shapeOf(hosting, imageOf(version)) }),
  };
}

/** A digest of everything that makes two configs of the same package differ, with image and VPC. */
function shapeOf({ target, memory, concurrency, instance, autoscaling }: Hosting, image: string): string {
  const options = target === "serverless" ? { memory, concurrency } : { instance, least: autoscaling.min };
  const vpc = vpcConfig("Hosting");
  return createHash("sha256")
    .update(JSON.stringify([image, target, options, ...(vpc ? [vpc] : [])]))
    .digest("hex");
}

type Config = Pick<CreateEndpointConfigCommandInput, "ProductionVariants" | "AsyncInferenceConfig">;

export function configOf(name: string, model: string, hosting: Hosting): Config {
  const base = { VariantName: variantName, ModelName: name, InitialVariantWeight: 1 };
  if (hosting.target === "serverless") {
    const { memory, concurrency } = hosting;
    const ServerlessConfig = { MemorySizeInMB: memory, MaxConcurrency: concurrency };
    return { ProductionVariants: [{ ...base, ServerlessConfig }] };
  }
  const { instance, autoscaling } = hosting;
  const InstanceType = instance as ProductionVariant["InstanceType"];
  const ProductionVariants = [{ ...base, InstanceType, InitialInstanceCount: Math.max(1, autoscaling.min) }];
  if (hosting.target === "realtime") return { ProductionVariants };
  const S3OutputPath = `s3://${buckets.results()}/async/${model}/`;
  // Without a failure path, SageMaker reports no failure.
  const OutputConfig = { S3OutputPath, S3FailurePath: `${S3OutputPath}failed/` };
  return { ProductionVariants, AsyncInferenceConfig: { OutputConfig } };
}
