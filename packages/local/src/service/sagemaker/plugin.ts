import type { Plugin } from "../../kernel/service.ts";
import { IMAGE_TYPE } from "./images.ts";
import { startSageMaker } from "./server.ts";

export const sagemaker: Plugin = {
  name: "sagemaker",
  resources: {
    // No image is built: the URI identifies the folder whose program runs instead (images.ts).
    [IMAGE_TYPE]: ({ name }, { account, region }) => {
      const repository = `${account}.dkr.ecr.${region}.amazonaws.com/${name.toLowerCase()}`;
      return { ref: `${repository}:local`, repositoryUrl: repository };
    },
  },
  start: startSageMaker,
};
