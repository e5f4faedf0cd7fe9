// How a version is hosted, as SageMaker is told it.
import { createHash } from "node:crypto";
import type { CreateEndpointConfigCommandInput, ProductionVariant } from "@aws-sdk/client-sagemaker";
import type { Model } from "@sluice/models/index.ts";
import { candidateName, endpointName, modelName } from "@sluice/models/names.ts";
import { app, buckets, linked } from "../aws/link.ts";
import { SluiceError } from "../error/error.ts";
import { type ModelVersion, ownImage } from "../version/version.ts";
import type { Hosting } from "./deployment.ts";

export const variantName = "AllTraffic";

/** The declaration, where the request says nothing else. */
export function hostingOf({ hosting }: Model, wanted: Partial<Hosting>): Hosting {
  const said = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
  const chosen = { ...hosting, ...said };
  demandFitting(chosen.target, said);
  const { min, max } = chosen.autoscaling;
  // Nobody waits for a real-time endpoint that has no instance.
  return chosen.target === "async" ? chosen : { ...chosen, autoscaling: { min: Math.max(1, min), max } };
}

/** What each target is told; the rest of a declaration is for another one. */
const settingsOf: Record<Hosting["target"], string[]> = {
  serverless: ["memory", "concurrency"],
  realtime: ["instance"],
  async: ["instance"],
  local: [],
};

/** What is asked for and would be passed over is refused. */
function demandFitting(target: Hosting["target"], said: object) {
  const fitting = settingsOf[target];
  const stray = ["memory", "concurrency", "instance"].find((name) => name in said && !fitting.includes(name));
  if (!stray) return;
  const others = Object.entries(settingsOf).filter(([, settings]) => settings.includes(stray));
  throw new SluiceError("INPUT_INVALID", `${stray}: means nothing to the target ${target}.`, {
    hint: `Leave it out${fitting.length > 0 ? `, say ${fitting.join(" or ")}` : ""}, or take the target ${others.map(([name]) => name).join(" or ")}.`,
  });
}

/** What a version runs in: our own image, or that of the algorithm that trained it. */
export const imageOf = (version: Pick<ModelVersion, "about" | "code">): string =>
  ownImage(version) ?? linked("Hosting", "serveImage");

/** The names of everything that serving this content this way needs. */
export function namesOf(version: ModelVersion, hosting: Hosting) {
  const { model, digest } = version;
  const { name, stage } = app();
  const place = { app: name, stage };
  const { target } = hosting;
  if (target === "local") return { endpoint: "", candidate: "", config: "" };
  return {
    endpoint: endpointName(place, model, target),
    candidate: candidateName(place, model, target),
    config: modelName(place, model, target, { digest, shape: shapeOf(hosting, imageOf(version)) }),
  };
}

/** Of all that makes one config serve otherwise than another: the same bytes in a new image are served anew. */
function shapeOf({ target, memory, concurrency, instance, autoscaling }: Hosting, image: string): string {
  const how = target === "serverless" ? { memory, concurrency } : { instance, least: autoscaling.min };
  return createHash("sha256")
    .update(JSON.stringify([image, target, how]))
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
  const S3OutputPath = answersAt(model);
  // Without a place for it, a failure is told to nobody.
  const OutputConfig = { S3OutputPath, S3FailurePath: `${S3OutputPath}failed/` };
  return { ProductionVariants, AsyncInferenceConfig: { OutputConfig } };
}

/** Where an asynchronous endpoint leaves its answers. */
const answersAt = (model: string) => `s3://${buckets.results()}/async/${model}/`;
