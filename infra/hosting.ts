// What SageMaker itself may do for us: as an endpoint, and as the job that evaluates a version before it becomes one.
import { artifacts, results, uploads } from "./storage.ts";
import { serve } from "./containers.ts";

/** Of whatever runs in one of our images: pull it, write logs and metrics. */
export const containerStatements = (repository: { arn: $util.Output<string> }) => [
  {
    actions: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
    resources: [repository.arn],
  },
  // These know no resources.
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
          // A request may name an upload by its URI in place of its bytes.
          { actions: ["s3:GetObject"], resources: [$interpolate`${uploads.arn}/uploads/*`] },
          { actions: ["s3:ListBucket"], resources: [artifacts.arn, uploads.arn] },
          // An asynchronous endpoint reads its inputs and leaves its answers.
          {
            actions: ["s3:GetObject"],
            resources: [$interpolate`${results.arn}/async/input/*`],
          },
          { actions: ["s3:PutObject"], resources: [$interpolate`${results.arn}/async/*`] },
          ...containerStatements(serve.repository),
        ],
      }).json,
    },
  ],
});

/** Reads the version, the dataset it is judged by and that one's files; writes what it found. */
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
              // Any object of it may be labelled.
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
