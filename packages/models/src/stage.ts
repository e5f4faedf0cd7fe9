// Refuses a stage whose resource names could belong to another stage. Code compares tags and exact names; people read
// only names.
import { endpointPrefix, type AppStage } from "./names.ts";

const WORDS = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** Why a stage is refused, and the fix. Undefined for a legal stage. `models`: the names of the declared models. */
export function stageProblem({ app, stage }: AppStage, models: readonly string[]): string | undefined {
  if (!WORDS.test(stage))
    return `Stage "${stage}": use lower-case letters, digits and single hyphens. AWS compares names without their case.`;
  if (endpointPrefix({ app, stage }) !== `${app}-${stage}-`)
    return `Stage "${stage}": it is too long, so that names of resources would be cut inside it. Use at most ${longestStage(app)} characters.`;
  const twin = findTwin(stage, models);
  return (
    twin &&
    `Stage "${stage}": its resource names could belong to stage "${twin.stage}" with the model ` +
      `"${twin.model}". Use another stage, such as "${stage.replaceAll("-", "")}".`
  );
}

/**
 * Names of stage "prod-eu" with model "cats" could belong to stage "prod" with model "eu-cats", if both models are
 * declared. Names of stage "prod-cats" with any model could belong to stage "prod" with model "cats".
 */
function findTwin(stage: string, models: readonly string[]) {
  const words = stage.split("-");
  for (let at = 1; at < words.length; at++) {
    const suffix = words.slice(at).join("-");
    const isAmbiguous = (model: string) =>
      `${suffix}-`.startsWith(`${model}-`) || models.some((other) => `${suffix}-${other}` === model);
    const model = models.find(isAmbiguous);
    if (model !== undefined) return { model, stage: words.slice(0, at).join("-") };
  }
  return undefined;
}

function longestStage(app: string): number {
  let length = 1;
  const fits = (stage: string) => endpointPrefix({ app, stage }) === `${app}-${stage}-`;
  while (fits("x".repeat(length + 1))) length++;
  return length;
}
