// The roles of SageMaker's endpoints and evaluation jobs.
import { artifacts, results, uploads } from "./storage.ts";
import { serve } from "./containers.ts";

/** Of a container: pull its image, write logs and metrics. */
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
  {
    actions: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
    resources: ["arn:aws:logs:*:*:log-group:/aws/sagemaker/*"],
  },
];

const assumeRolePolicy = aws.iam.assumeRolePolicyForPrincipal({ Service: "sagemaker.amazonaws.com" });

export const hostingRole = new aws.iam.Role("HostingRole", {
  assumeRolePolicy,
  inlinePolicies: [
    {
      name: "hosting",
      policy: aws.iam.getPolicyDocumentOutput({
        statements: [
          { actions: ["s3:GetObject"], resources: [$interpolate`${artifacts.arn}/packages/*`] },
          // A request may contain the URI of an upload instead of its bytes.
          { actions: ["s3:GetObject"], resources: [$interpolate`${uploads.arn}/uploads/*`] },
          { actions: ["s3:ListBucket"], resources: [artifacts.arn, uploads.arn] },
          // An asynchronous endpoint reads its inputs and writes its responses.
          { actions: ["s3:GetObject"], resources: [$interpolate`${results.arn}/async/input/*`] },
          { actions: ["s3:PutObject"], resources: [$interpolate`${results.arn}/async/*`] },
          ...containerStatements(serve.repository),
        ],
      }).json,
    },
  ],
});

/** Reads the version, its dataset and the dataset's files; writes the evaluation. */
export const evaluationRole = new aws.iam.Role("EvaluationRole", {
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
          { actions: ["s3:ListBucket"], resources: [artifacts.arn, uploads.arn] },
          { actions: ["s3:PutObject"], resources: [$interpolate`${artifacts.arn}/evaluations/*`] },
          ...containerStatements(serve.repository),
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
  },
});
