// The wire protocol of each AWS service. The shapes come from the SDK's clients, loaded at the first request for a
// service.

export type Protocol = "json" | "rest-json" | "rest-xml" | "query";

export interface WireService {
  /** The plugin that handles the requests. */
  service: string;
  /** The service's name in a SigV4 credential scope. */
  scope: string;
  protocol: Protocol;
  /** Prefix of X-Amz-Target. */
  target?: string;
  jsonVersion?: "1.0" | "1.1";
  /** API version for older clients that use the query protocol; errors then have their old codes. */
  query?: { version: string; xmlns: string };
  xmlns?: string;
  /** Prefix of the code in `__type`. */
  errorNamespace?: string;
  /**
   * The service's paths, for REST services other than S3. If it has named groups, its match precedes the operation's path,
   * and the groups are members of the input.
   */
  paths?: RegExp;
  load(): Promise<object>;
}

export const CATALOG: WireService[] = [
  {
    service: "dynamodb",
    scope: "dynamodb",
    protocol: "json",
    target: "DynamoDB_20120810",
    jsonVersion: "1.0",
    errorNamespace: "com.amazonaws.dynamodb.v20120810#",
    load: () => import("@aws-sdk/client-dynamodb"),
  },
  {
    service: "sqs",
    scope: "sqs",
    protocol: "json",
    target: "AmazonSQS",
    jsonVersion: "1.0",
    query: { version: "2012-11-05", xmlns: "http://queue.amazonaws.com/doc/2012-11-05/" },
    errorNamespace: "com.amazonaws.sqs#",
    load: () => import("@aws-sdk/client-sqs"),
  },
  {
    service: "events",
    scope: "events",
    protocol: "json",
    target: "AWSEvents",
    jsonVersion: "1.1",
    load: () => import("@aws-sdk/client-eventbridge"),
  },
  {
    service: "sagemaker",
    scope: "sagemaker",
    protocol: "json",
    target: "SageMaker",
    jsonVersion: "1.1",
    load: () => import("@aws-sdk/client-sagemaker"),
  },
  {
    service: "sagemaker",
    scope: "sagemaker",
    protocol: "rest-json",
    paths: /^\/endpoints\/[^/]+\/(async-)?invocations/,
    load: () => import("@aws-sdk/client-sagemaker-runtime"),
  },
  {
    service: "application-autoscaling",
    scope: "application-autoscaling",
    protocol: "json",
    target: "AnyScaleFrontendService",
    jsonVersion: "1.1",
    load: () => import("@aws-sdk/client-application-auto-scaling"),
  },
  {
    service: "logs",
    scope: "logs",
    protocol: "json",
    target: "Logs_20140328",
    jsonVersion: "1.1",
    load: () => import("@aws-sdk/client-cloudwatch-logs"),
  },
  {
    service: "cloudwatch",
    scope: "monitoring",
    protocol: "json",
    target: "GraniteServiceVersion20100801",
    jsonVersion: "1.0",
    query: { version: "2010-08-01", xmlns: "http://monitoring.amazonaws.com/doc/2010-08-01/" },
    load: () => import("@aws-sdk/client-cloudwatch"),
  },
  {
    service: "lambda",
    scope: "lambda",
    protocol: "rest-json",
    paths: /^\/20\d\d-\d\d-\d\d\//,
    load: () => import("@aws-sdk/client-lambda"),
  },
  {
    service: "states",
    scope: "states",
    protocol: "json",
    target: "AWSStepFunctions",
    jsonVersion: "1.0",
    load: () => import("@aws-sdk/client-sfn"),
  },
  {
    service: "sts",
    scope: "sts",
    protocol: "query",
    query: { version: "2011-06-15", xmlns: "https://sts.amazonaws.com/doc/2011-06-15/" },
    load: () => import("@aws-sdk/client-sts"),
  },
  {
    service: "servicequotas",
    scope: "servicequotas",
    protocol: "json",
    target: "ServiceQuotasV20190624",
    jsonVersion: "1.1",
    load: () => import("@aws-sdk/client-service-quotas"),
  },
  {
    service: "iam",
    scope: "iam",
    protocol: "query",
    query: { version: "2010-05-08", xmlns: "https://iam.amazonaws.com/doc/2010-05-08/" },
    load: () => import("@aws-sdk/client-iam"),
  },
  {
    service: "sns",
    scope: "sns",
    protocol: "query",
    query: { version: "2010-03-31", xmlns: "http://sns.amazonaws.com/doc/2010-03-31/" },
    load: () => import("@aws-sdk/client-sns"),
  },
  {
    service: "apigateway",
    scope: "execute-api",
    protocol: "rest-json",
    paths: /^\/_ws\/(?<ApiId>[^/]+)\/(?<Stage>[^/]+)(?=\/@connections\/)/,
    load: () => import("@aws-sdk/client-apigatewaymanagementapi"),
  },
  {
    service: "s3",
    scope: "s3",
    protocol: "rest-xml",
    xmlns: "http://s3.amazonaws.com/doc/2006-03-01/",
    load: () => import("@aws-sdk/client-s3"),
  },
];
