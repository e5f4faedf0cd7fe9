// CloudFront: distributions that serve a bucket's files.
import type { Plugin } from "../../kernel/service.ts";
import { DISTRIBUTION, HEADERS, ORIGIN_ACCESS, PREFIX } from "./declared.ts";
import { startCloudFront } from "./server.ts";

export const cloudfront: Plugin = {
  name: "cloudfront",
  resources: {
    // The "domain" is a path on this machine's port: https://<domain> on AWS, http://<domain> here.
    [DISTRIBUTION]: ({ name }, { partition, account, endpoint }) => ({
      id: name,
      arn: `arn:${partition}:cloudfront::${account}:distribution/${name}`,
      domainName: `${endpoint.replace(/^http:\/\//, "")}${PREFIX}${name}`,
    }),
    [ORIGIN_ACCESS]: ({ name }) => ({ id: name }),
    [HEADERS]: ({ name }) => ({ id: name }),
  },
  start: startCloudFront,
};
