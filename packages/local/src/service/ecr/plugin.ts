// ECR stores no images here: containers run from their folders. Repositories only provide names for image URIs.
import type { Plugin } from "../../kernel/service.ts";

export const ecr: Plugin = {
  name: "ecr",
  resources: {
    "aws:ecr/repository:Repository": ({ name: logical, inputs }, { account, region, partition }) => {
      const name = (inputs.name as string | undefined) ?? logical.toLowerCase();
      return {
        name,
        id: name,
        registryId: account,
        arn: `arn:${partition}:ecr:${region}:${account}:repository/${name}`,
        repositoryUrl: `${account}.dkr.ecr.${region}.amazonaws.com/${name}`,
      };
    },
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": () => ({}),
  },
  start: () => ({ operations: {}, access: () => [] }),
};
