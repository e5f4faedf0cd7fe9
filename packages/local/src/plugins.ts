// All services in starting order: targets of deliveries before their sources.
import type { Plugin } from "./kernel/service.ts";
import { apigateway } from "./service/apigateway/plugin.ts";
import { autoscaling } from "./service/autoscaling/plugin.ts";
import { budgets } from "./service/budgets/plugin.ts";
import { cloudfront } from "./service/cloudfront/plugin.ts";
import { cloudwatch } from "./service/cloudwatch/plugin.ts";
import { dynamodb } from "./service/dynamodb/plugin.ts";
import { ecr } from "./service/ecr/plugin.ts";
import { events } from "./service/events/plugin.ts";
import { lambda } from "./service/lambda/plugin.ts";
import { logs } from "./service/logs/plugin.ts";
import { s3 } from "./service/s3/plugin.ts";
import { sagemaker } from "./service/sagemaker/plugin.ts";
import { scheduler } from "./service/scheduler/plugin.ts";
import { servicequotas } from "./service/servicequotas/plugin.ts";
import { sns } from "./service/sns/plugin.ts";
import { sqs } from "./service/sqs/plugin.ts";
import { states } from "./service/states/plugin.ts";
import { sts } from "./service/sts/plugin.ts";

export const allPlugins: Plugin[] = [
  sts,
  servicequotas,
  logs,
  budgets,
  cloudwatch,
  dynamodb,
  sqs,
  sns,
  states,
  events,
  scheduler,
  s3,
  cloudfront,
  ecr,
  sagemaker,
  autoscaling,
  lambda,
  apigateway,
];
