// Names by convention: what belongs to a model is found by its name alone, with no registry to ask.
import { createHash } from "node:crypto";

/** SageMaker's bound on endpoint, config, model and job names. */
const MAX = 63;
const HASH = 8;
const SHAPE = 6;
const READABLE = MAX - HASH - "-x".length;

export const targets = ["serverless", "realtime", "async"] as const;
export type Target = (typeof targets)[number];

export interface Place {
  app: string;
  stage: string;
}

export function endpointName(place: Place, model: string, target: Target): string {
  return join([place.app, place.stage, model, target]);
}

/** Where a version is tried, and answers its share, before it is the endpoint's own. */
export function candidateName(place: Place, model: string, target: Target): string {
  return join([place.app, place.stage, model, target, "next"]);
}

/**
 * Of the SageMaker model and of its endpoint configuration alike. `digest` is of the package's content, `shape` of how it
 * is hosted, both in hex: other bytes or another memory size are another name.
 */
export function modelName(
  place: Place,
  model: string,
  target: Target,
  { digest, shape }: { digest: string; shape: string },
): string {
  return join([place.app, place.stage, model, target, digest.slice(0, HASH), shape.slice(0, SHAPE)]);
}

/** Of a job of `kind` about a model; `nonce` sets apart those about the same thing. */
export function jobName(place: Place, model: string, kind: string, nonce: string): string {
  return join([place.app, place.stage, model, kind, nonce]);
}

/**
 * What every endpoint of this app and stage starts with, for narrowing a listing. Stage "a" also finds stage "a-b":
 * compare whole names before acting on one.
 */
export function endpointPrefix({ app, stage }: Place): string {
  const prefix = legal(`${app}-${stage}-`).slice(0, READABLE);
  return prefix.length < READABLE ? prefix : prefix.replace(/-$/, "");
}

/** "blueprints" -> "Blueprints", "night-cats" -> "NightCats": logical names of a model's resources start so. */
export function pascal(model: string): string {
  return model
    .split("-")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}

/** What a model's queues are linked as. */
export const queueName = (model: string) => `${pascal(model)}Queue`;
export const deadLettersName = (model: string) => `${pascal(model)}DeadLetters`;

/** Legal to SageMaker for any parts, and different for different parts: where the plain name could not be, a hash ends it. */
function join(parts: string[]): string {
  const plain = parts.join("-");
  if (plain.length <= MAX && parts.every((part) => /^[a-zA-Z0-9]+$/.test(part))) return plain;
  const hash = createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, HASH);
  // No plain name ends so: its last part is a target, "next", a hex digest or a nonce of digits, and none starts with "x".
  return `${legal(plain).slice(0, READABLE).replace(/-$/, "")}-x${hash}`;
}

const legal = (text: string) => text.replace(/[^a-zA-Z0-9]+/g, "-").replace(/^-/, "");
