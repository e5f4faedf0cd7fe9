// Which resources belong to an app and stage: by their tags, or by a name that follows from a model's name. A common
// prefix proves nothing: "sluice-prod-" also starts the names of the stage "prod-eu".
import { isMissing } from "@sluice/core/aws/sagemaker-errors.ts";
import { tagKeys } from "@sluice/core/aws/tags.ts";
import { mapConcurrently } from "@sluice/core/util/map-concurrently.ts";
import { paginateListTags, type SageMakerClient } from "@aws-sdk/client-sagemaker";
import { models } from "@sluice/models/index.ts";
import { endpointNames, endpointPrefix, type AppStage } from "@sluice/models/names.ts";
import type { Leftover } from "./kind.ts";

const CONCURRENCY = 8;

export type Owner = ReturnType<typeof openOwner>;

export function openOwner(client: SageMakerClient, { app, stage }: AppStage) {
  const tags = new Map<string, Record<string, string>>();
  const endpoints = new Set<string>();
  const addModel = (model: string) => {
    for (const name of endpointNames({ app, stage }, model)) endpoints.add(name);
  };
  for (const { name } of models) addModel(name);

  async function tagsOf(arn: string): Promise<Record<string, string>> {
    const known = tags.get(arn);
    if (known) return known;
    const found: Record<string, string> = {};
    try {
      for await (const { Tags = [] } of paginateListTags({ client }, { ResourceArn: arn }))
        for (const { Key, Value } of Tags) found[Key!] = Value!;
    } catch (error) {
      // It was deleted after it was listed.
      if (isMissing(error)) return {};
      throw error;
    }
    tags.set(arn, found);
    return found;
  }

  return {
    /** Narrows a listing. */
    prefix: endpointPrefix({ app, stage }),
    /** The resources whose tags name this app and stage. */
    async ofThisStage<T extends Leftover & { arn: string }>(listed: T[]): Promise<T[]> {
      const own = await mapConcurrently(CONCURRENCY, listed, async ({ arn }) => {
        const found = await tagsOf(arn);
        const isOwn = found[tagKeys.app] === app && found[tagKeys.stage] === stage;
        // A model may have been removed from the declaration since.
        if (isOwn && found[tagKeys.model]) addModel(found[tagKeys.model]!);
        return isOwn;
      });
      return listed.filter((_, index) => own[index]);
    },
    /** Whether the name is that of an endpoint of this stage, live or candidate. */
    hasEndpoint: (name: string) => endpoints.has(name),
  };
}
