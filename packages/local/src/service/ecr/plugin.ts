// ECR stores no images here: containers run from their folders. Repositories only provide names for image URIs.
import { arnOf, nameOf } from "../../kernel/names.ts";
import type { Plugin } from "../../kernel/service.ts";

export const ecr: Plugin = {
  name: "ecr",
  resources: {
    "aws:ecr/repository:Repository": ({ name: logical, inputs }, cloud) => {
      const { account, region } = cloud;
      const name = nameOf({ name: logical.toLowerCase(), inputs });
      return {
        name,
        id: name,
        registryId: account,
        arn: arnOf(cloud, "ecr", `repository/${name}`),
        repositoryUrl: `${account}.dkr.ecr.${region}.amazonaws.com/${name}`,
      };
    },
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": () => ({}),
  },
  start: () => ({ operations: {}, access: () => [] }),
};
