// Names by convention: the resources of a model follow from its name, without a registry.
import { createHash } from "node:crypto";

/** SageMaker's limit for the names of endpoints, configs, models and jobs. */
const MAX = 63;
const HASH = 8;
const SHAPE = 6;
const READABLE = MAX - HASH - "-x".length;

export const targets = ["serverless", "realtime", "async"] as const;
export type Target = (typeof targets)[number];

export interface AppStage {
  app: string;
  stage: string;
}

export function endpointName(appStage: AppStage, model: string, target: Target): string {
  return join([appStage.app, appStage.stage, model, target]);
}

/** The endpoint of a version that is tested, or serves a share, before it is live. */
export function candidateName(appStage: AppStage, model: string, target: Target): string {
  return join([appStage.app, appStage.stage, model, target, "next"]);
}

/** The endpoints of every target, and those of their candidates. */
export const endpointNames = (appStage: AppStage, model: string): string[] =>
  targets.flatMap((target) => [
    endpointName(appStage, model, target),
    candidateName(appStage, model, target),
  ]);

/**
 * The name of the SageMaker model and of its endpoint config. `digest` (of the package's content) and `shape` (of its
 * hosting) are hex: other content or another memory size gives another name.
 */
export function modelName(
  appStage: AppStage,
  model: string,
  target: Target,
  { digest, shape }: { digest: string; shape: string },
): string {
  return join([appStage.app, appStage.stage, model, target, digest.slice(0, HASH), shape.slice(0, SHAPE)]);
}

/** `nonce` distinguishes jobs of the same kind and model. */
export function jobName(appStage: AppStage, model: string, kind: string, nonce: string): string {
  return join([appStage.app, appStage.stage, model, kind, nonce]);
}

/**
 * The prefix of every endpoint of this app and stage, to narrow a listing. Stage "a" also matches stage "a-b": compare
 * full names before acting on an endpoint.
 */
export const endpointPrefix = ({ app, stage }: AppStage): string => prefixOf(`${app}-${stage}-`);

/** The prefix of the names of a model's endpoints. No legal stage has another model's names with it: see stage.ts. */
export const modelPrefix = ({ app, stage }: AppStage, model: string): string =>
  prefixOf(`${app}-${stage}-${model}-`);

function prefixOf(text: string): string {
  const prefix = legal(text).slice(0, READABLE);
  return prefix.length < READABLE ? prefix : prefix.replace(/-$/, "");
}

/** "night-cats" -> "NightCats": the prefix of the logical names of a model's resources. */
export function pascal(model: string): string {
  return model
    .split("-")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}

/** The name of a resource that SST does not name. A name longer than `max` is cut and ends in a hash. */
export function resourceName({ app, stage }: AppStage, logical: string, max: number): string {
  const name = `${app}-${stage}-${logical}`;
  if (name.length <= max) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, HASH);
  return `${name.slice(0, max - HASH - 1)}-${hash}`;
}

/** Link names of a model's queues. */
export const queueName = (model: string) => `${pascal(model)}Queue`;
export const deadLettersName = (model: string) => `${pascal(model)}DeadLetters`;

/** A valid and unique name for any parts. When the plain name is invalid or ambiguous, it ends in a hash. */
function join(parts: string[]): string {
  const plain = parts.join("-");
  if (plain.length <= MAX && parts.every((part) => /^[a-zA-Z0-9]+$/.test(part))) return plain;
  const hash = createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, HASH);
  // Unlike any plain name, whose last part (a target, "next", a digest or a nonce) never starts with "x".
  return `${legal(plain).slice(0, READABLE).replace(/-$/, "")}-x${hash}`;
}

const legal = (text: string) => text.replace(/[^a-zA-Z0-9]+/g, "-").replace(/^-/, "");
