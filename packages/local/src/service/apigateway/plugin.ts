// API Gateway: HTTP APIs (version 2).
import type { Plugin } from "../../kernel/service.ts";
import { API, INTEGRATION, PREFIX, ROUTE, STAGE } from "./declared.ts";
import { startApiGateway } from "./server.ts";

export const apigateway: Plugin = {
  name: "apigateway",
  resources: {
    [API]: ({ name }, { partition, region, account, endpoint }) => ({
      id: name,
      name,
      apiEndpoint: `${endpoint}${PREFIX}${name}`,
      arn: `arn:${partition}:apigateway:${region}::/apis/${name}`,
      executionArn: `arn:${partition}:execute-api:${region}:${account}:${name}`,
    }),
    [STAGE]: ({ inputs }, { partition, region, account, endpoint }) => ({
      id: String(inputs.name),
      name: String(inputs.name),
      invokeUrl: `${endpoint}${PREFIX}${inputs.apiId}/`,
      executionArn: `arn:${partition}:execute-api:${region}:${account}:${inputs.apiId}/${inputs.name}`,
      arn: `arn:${partition}:apigateway:${region}::/apis/${inputs.apiId}/stages/${inputs.name}`,
    }),
    [INTEGRATION]: ({ name }) => ({ id: name }),
    [ROUTE]: ({ name }) => ({ id: name }),
  },
  start: startApiGateway,
};
