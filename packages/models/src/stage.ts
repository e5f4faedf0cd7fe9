// Which stages may exist side by side. Their resources are told apart by tags and exact names; people and listings also
// see names, so that two stages must never read the same.
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
    `Stage "${stage}": the names of its resources read like those of stage "${twin.stage}" with the model ` +
      `"${twin.model}". Use another stage, such as "${stage.replaceAll("-", "")}".`
  );
}

/**
 * Stage "prod-eu" with model "cats" reads like stage "prod" with model "eu-cats", when both models are declared, and
 * stage "prod-cats" with any model like stage "prod" with model "cats".
 */
function findTwin(stage: string, models: readonly string[]) {
  const words = stage.split("-");
  for (let at = 1; at < words.length; at++) {
    const suffix = words.slice(at).join("-");
    const readsLike = (model: string) =>
      `${suffix}-`.startsWith(`${model}-`) || models.some((other) => `${suffix}-${other}` === model);
    const model = models.find(readsLike);
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
