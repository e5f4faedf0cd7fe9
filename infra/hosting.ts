import { artifacts } from "./storage.ts";
import { serve } from "./containers.ts";

// What SageMaker itself may do for us: read packages, pull the image, write logs and metrics.
const role = new aws.iam.Role("HostingRole", {
  assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "sagemaker.amazonaws.com" }),
  inlinePolicies: [
    {
      name: "hosting",
      policy: aws.iam.getPolicyDocumentOutput({
        statements: [
          { actions: ["s3:GetObject"], resources: [$interpolate`${artifacts.arn}/packages/*`] },
          { actions: ["s3:ListBucket"], resources: [artifacts.arn] },
          {
            actions: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            resources: [serve.repository.arn],
          },
          // These know no resources.
          { actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
          {
            actions: ["cloudwatch:PutMetricData"],
            resources: ["*"],
            conditions: [
              { test: "StringLike", variable: "cloudwatch:namespace", values: ["/aws/sagemaker/*"] },
            ],
          },
          {
            actions: [
              "logs:CreateLogGroup",
              "logs:CreateLogStream",
              "logs:DescribeLogStreams",
              "logs:PutLogEvents",
            ],
            resources: ["arn:aws:logs:*:*:log-group:/aws/sagemaker/*"],
          },
        ],
      }).json,
    },
  ],
});

export const hostingLink = new sst.Linkable("Hosting", {
  properties: { roleArn: role.arn, serveImage: serve.image },
});
