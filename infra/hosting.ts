// The roles of SageMaker's endpoints and evaluation jobs.
import { endpointPrefix } from "@sluice/models/names.ts";
import { arnOf } from "./account.ts";
import { serve } from "./containers.ts";
import { appStage, logDays, ownName } from "./stage.ts";
import { artifacts, listArtifacts, results, uploads } from "./storage.ts";
import { networkStatements, vpcProperties } from "./vpc.ts";

const ownPrefix = endpointPrefix(appStage);

/** Each endpoint has a group of its own. */
const endpointLogs = {
  actions: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
  resources: [arnOf("logs", `log-group:/aws/sagemaker/Endpoints/${ownPrefix}*`)],
};

/** Of the function that creates an endpoint: its logs expire. */
export const expireLogs = {
  actions: ["logs:CreateLogGroup", "logs:PutRetentionPolicy"],
  resources: endpointLogs.resources,
};

/** All jobs of the account share a group, and each has streams of its own. */
export const jobLogs = (kind: "TrainingJobs" | "ProcessingJobs") => [
  {
    actions: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams"],
    resources: [arnOf("logs", `log-group:/aws/sagemaker/${kind}:*`)],
  },
  {
    actions: ["logs:PutLogEvents"],
    resources: [arnOf("logs", `log-group:/aws/sagemaker/${kind}:log-stream:${ownPrefix}*`)],
  },
];

/** Of a container: pull its image, write metrics. */
export const containerStatements = (repository: { arn: $util.Output<string> }) => [
  {
    actions: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
    resources: [repository.arn],
  },
  // These actions have no resources.
  { actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
  {
    actions: ["cloudwatch:PutMetricData"],
    resources: ["*"],
    conditions: [{ test: "StringLike", variable: "cloudwatch:namespace", values: ["/aws/sagemaker/*"] }],
  },
];

const assumeRolePolicy = aws.iam.assumeRolePolicyForPrincipal({ Service: "sagemaker.amazonaws.com" });

export const hostingRole = new aws.iam.Role("HostingRole", {
  name: ownName("HostingRole"),
  assumeRolePolicy,
  inlinePolicies: [
    {
      name: "hosting",
      policy: aws.iam.getPolicyDocumentOutput({
        statements: [
          { actions: ["s3:GetObject"], resources: [$interpolate`${artifacts.arn}/packages/*`] },
          // A request may contain the URI of an upload instead of its bytes.
          { actions: ["s3:GetObject"], resources: [$interpolate`${uploads.arn}/uploads/*`] },
          listArtifacts("packages"),
          // An asynchronous endpoint reads its inputs and writes its responses.
          { actions: ["s3:GetObject"], resources: [$interpolate`${results.arn}/async/input/*`] },
          { actions: ["s3:PutObject"], resources: [$interpolate`${results.arn}/async/*`] },
          ...containerStatements(serve.repository),
          ...networkStatements,
          endpointLogs,
        ],
      }).json,
    },
  ],
});

/** Reads the version, its dataset and the dataset's files; writes the evaluation. */
export const evaluationRole = new aws.iam.Role("EvaluationRole", {
  name: ownName("EvaluationRole"),
  assumeRolePolicy,
  inlinePolicies: [
    {
      name: "evaluation",
      policy: aws.iam.getPolicyDocumentOutput({
        statements: [
          {
            actions: ["s3:GetObject"],
            resources: [
              $interpolate`${artifacts.arn}/packages/*`,
              $interpolate`${artifacts.arn}/datasets/*`,
              // Any object may be labeled.
              $interpolate`${uploads.arn}/*`,
            ],
          },
          listArtifacts("packages", "datasets"),
          { actions: ["s3:ListBucket"], resources: [uploads.arn] },
          { actions: ["s3:PutObject"], resources: [$interpolate`${artifacts.arn}/evaluations/*`] },
          ...containerStatements(serve.repository),
          ...jobLogs("ProcessingJobs"),
          ...networkStatements,
        ],
      }).json,
    },
  ],
});

export const hostingLink = new sst.Linkable("Hosting", {
  properties: {
    roleArn: hostingRole.arn,
    evaluationRoleArn: evaluationRole.arn,
    serveImage: serve.image,
    logDays: String(logDays),
    ...vpcProperties,
  },
});
