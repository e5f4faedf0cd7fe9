// Lambda: functions run from their sources in child processes.
import { createHash } from "node:crypto";
import type { Plugin } from "../../kernel/service.ts";
import { FUNCTION } from "./definition.ts";
import { startLambda } from "./server.ts";
import { PREFIX } from "./url.ts";

const text = (value: unknown, otherwise: string) => (typeof value === "string" && value ? value : otherwise);

export const lambda: Plugin = {
  name: "lambda",
  arns: ["lambda"],
  resources: {
    [FUNCTION]: ({ name: logical, inputs }, { partition, region, account }) => {
      const name = text(inputs.name, logical);
      const arn = `arn:${partition}:lambda:${region}:${account}:function:${name}`;
      const invokeArn = `arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions/${arn}/invocations`;
      return { arn, id: name, name, invokeArn, qualifiedArn: `${arn}:$LATEST`, version: "$LATEST" };
    },
    "aws:lambda/functionUrl:FunctionUrl": ({ inputs }, { endpoint }) => {
      const name = String(inputs.functionName).split(":").at(-1)!;
      return { id: name, urlId: name, functionUrl: `${endpoint}${PREFIX}${name}/` };
    },
    "aws:lambda/eventSourceMapping:EventSourceMapping": ({ name }, { partition, region, account }) => {
      const digest = createHash("sha256").update(name).digest("hex");
      const uuid = digest.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, "$1-$2-$3-$4-$5");
      return {
        id: uuid,
        uuid,
        arn: `arn:${partition}:lambda:${region}:${account}:event-source-mapping:${uuid}`,
      };
    },
    "aws:lambda/permission:Permission": ({ name, inputs }) => {
      const id = text(inputs.statementId, name);
      return { id, statementId: id };
    },
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": ({ inputs }) => ({
      id: String(inputs.functionName),
    }),
  },
  start: startLambda,
};
