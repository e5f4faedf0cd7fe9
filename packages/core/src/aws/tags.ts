import type { Tag } from "@aws-sdk/client-sagemaker";
import { appStage } from "./link.ts";

export const tagKeys = {
  app: "sluice:app",
  stage: "sluice:stage",
  model: "sluice:model",
  run: "sluice:run",
};

/** Whether a resource with these tags belongs to this app and stage. Its name does not tell: "prod" also starts "prod-eu". */
export function isOwn(tags: Record<string, string> | null | undefined): boolean {
  const { app, stage } = appStage();
  return tags?.[tagKeys.app] === app && tags[tagKeys.stage] === stage;
}

/** The tags of every SageMaker resource, so that its owner is known wherever it is listed. */
export function tagsOf(model: string, run?: string): Tag[] {
  const { app, stage } = appStage();
  return [
    { Key: tagKeys.app, Value: app },
    { Key: tagKeys.stage, Value: stage },
    { Key: tagKeys.model, Value: model },
    ...(run === undefined ? [] : [{ Key: tagKeys.run, Value: run }]),
  ];
}
