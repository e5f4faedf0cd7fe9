// AWS's own managed policies that deployments attach to functions and scheduled rules, by name.
import type { Statement } from "./document.ts";

const LOGS = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"];
const NETWORK = [
  "ec2:CreateNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DeleteNetworkInterface",
  "ec2:AssignPrivateIpAddresses",
  "ec2:UnassignPrivateIpAddresses",
];

const allow = (Action: string[]): Statement[] => [{ Effect: "Allow", Action, Resource: "*" }];

export const MANAGED: Record<string, Statement[]> = {
  "service-role/AWSLambdaBasicExecutionRole": allow(LOGS),
  "service-role/AWSLambdaVPCAccessExecutionRole": allow([...LOGS, ...NETWORK]),
  "service-role/AWSLambdaSQSQueueExecutionRole": allow([
    ...LOGS,
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
  ]),
  "service-role/AmazonAPIGatewayPushToCloudWatchLogs": allow([
    ...LOGS,
    "logs:Describe*",
    "logs:GetLogEvents",
    "logs:FilterLogEvents",
  ]),
  AWSXRayDaemonWriteAccess: allow(["xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSampling*"]),
  AmazonSageMakerFullAccess: allow([
    "sagemaker:*",
    "s3:*",
    "ecr:*",
    "cloudwatch:*",
    "logs:*",
    "iam:PassRole",
  ]),
  AdministratorAccess: allow(["*"]),
};
