// Lambda: functions run from their sources in child processes.
import { createHash } from "node:crypto";
import { arnOf, nameOf } from "../../kernel/names.ts";
import type { Plugin } from "../../kernel/service.ts";
import { FUNCTION } from "./definition.ts";
import { startLambda } from "./server.ts";
import { PREFIX } from "./url.ts";

export const lambda: Plugin = {
  name: "lambda",
  arns: ["lambda"],
  resources: {
    [FUNCTION]: (resource, cloud) => {
      const name = nameOf(resource);
      const arn = arnOf(cloud, "lambda", `function:${name}`);
      const invokeArn = `arn:${cloud.partition}:apigateway:${cloud.region}:lambda:path/2015-03-31/functions/${arn}/invocations`;
      return { arn, id: name, name, invokeArn, qualifiedArn: `${arn}:$LATEST`, version: "$LATEST" };
    },
    "aws:lambda/functionUrl:FunctionUrl": ({ inputs }, { endpoint }) => {
      const name = String(inputs.functionName).split(":").at(-1)!;
      return { id: name, urlId: name, functionUrl: `${endpoint}${PREFIX}${name}/` };
    },
    "aws:lambda/eventSourceMapping:EventSourceMapping": ({ name }, cloud) => {
      const digest = createHash("sha256").update(name).digest("hex");
      const uuid = digest.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, "$1-$2-$3-$4-$5");
      return { id: uuid, uuid, arn: arnOf(cloud, "lambda", `event-source-mapping:${uuid}`) };
    },
    "aws:lambda/permission:Permission": ({ name, inputs }) => {
      const id = String(inputs.statementId ?? name);
      return { id, statementId: id };
    },
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": ({ inputs }) => ({
      id: String(inputs.functionName),
    }),
  },
  start: startLambda,
};
