import { describe, expect, it } from "vitest";
import { models } from "@sluice/models/index.ts";
import { pascal } from "@sluice/models/names.ts";
import { grants, lock, named, ofType, statements } from "./graph.ts";

/** AWS supports no resource for these. */
const WITHOUT_RESOURCE = [
  "cloudwatch:GetMetricData",
  "cloudwatch:PutMetricData",
  "ecr:GetAuthorizationToken",
  "sagemaker:ListEndpoints",
  "sagemaker:ListTrainingJobs",
  "servicequotas:ListServiceQuotas",
];

const roles = ofType("aws:iam/role:Role");

describe("permissions", () => {
  it("have no wildcard actions, and no wildcard resources where AWS supports a resource", () => {
    const wide = roles
      .flatMap(({ inputs }) => (inputs["inlinePolicies"] ?? []) as { policy: string }[])
      .flatMap(({ policy }) => statements(policy))
      .filter(
        ({ Action, Resource }) =>
          Action.some((action) => action.includes("*")) ||
          (Resource.includes("*") && !Action.every((action) => WITHOUT_RESOURCE.includes(action))),
      );
    expect(wide).toEqual([]);
  });

  it("name account and region, except for the images of others and for AWS's own policies", () => {
    const open = roles
      .flatMap(({ inputs }) => (inputs["inlinePolicies"] ?? []) as { policy: string }[])
      .flatMap(({ policy }) => statements(policy))
      .flatMap(({ Resource }) => Resource)
      .filter((resource) => /^arn:[^:]*:[^:]*:([^:]*\*[^:]*:|[^:]*:[^:]*\*)/.test(resource));
    expect([...new Set(open)]).toEqual(["arn:${aws.partition}:ecr:${aws.region}:*:repository/*"]);
  });

  it("let containers list only the folders of artifacts that they read", () => {
    const prefixes = (role: string) =>
      statements((named(role)["inlinePolicies"] as { policy: string }[])[0]!.policy)
        .filter(({ Resource }) => Resource.includes("${ArtifactsBucket.arn}"))
        .map(({ Action, Condition }) => [Action, Condition?.["StringLike"]?.["s3:prefix"]]);
    expect(prefixes("HostingRole")).toEqual([[["s3:ListBucket"], ["packages/*"]]]);
    expect(prefixes("EvaluationRole")).toEqual([[["s3:ListBucket"], ["packages/*", "datasets/*"]]]);
    expect(prefixes("TrainingRole")).toEqual([
      [["s3:ListBucket"], ["datasets/*", "packages/*", "incoming/*", "training/*"]],
    ]);
  });

  it("let containers write only logs of this app and stage", () => {
    const logs = "arn:${aws.partition}:logs:${aws.region}:${aws.account}:log-group:/aws/sagemaker";
    const writes = (role: string) => grants(role).filter((grant) => grant.startsWith("logs:PutLogEvents"));
    expect(writes("HostingRole")).toEqual([`logs:PutLogEvents on ${logs}/Endpoints/sluice-local-*`]);
    expect(writes("TrainingRole")).toEqual([
      `logs:PutLogEvents on ${logs}/TrainingJobs:log-stream:sluice-local-*`,
    ]);
    expect(writes("EvaluationRole")).toEqual([
      `logs:PutLogEvents on ${logs}/ProcessingJobs:log-stream:sluice-local-*`,
    ]);
  });

  it("scale instances of endpoints, and nothing else", () => {
    const scaling = roles
      .flatMap(({ inputs }) => (inputs["inlinePolicies"] ?? []) as { policy: string }[])
      .flatMap(({ policy }) => statements(policy))
      .filter(({ Action }) => Action.some((action) => action.startsWith("application-autoscaling:")));
    expect(scaling.length).toBeGreaterThan(0);
    for (const { Condition } of scaling)
      expect(Condition).toEqual({
        StringEquals: {
          "application-autoscaling:scalable-dimension": ["sagemaker:variant:DesiredInstanceCount"],
          "application-autoscaling:service-namespace": ["sagemaker"],
        },
      });
  });

  it("fit into IAM's policy size, with the longest partition and room for more models", () => {
    const limit = 10_240;
    const room = 1_700;
    for (const { name, inputs } of roles) {
      const policies = (inputs["inlinePolicies"] ?? []) as { policy: string }[];
      // SST's names end in the stage and eight random letters. An ARN adds service, region and account in front.
      const held = policies
        .map(({ policy }) => policy.replaceAll("-local-", "-production-"))
        .join("")
        .replaceAll("${aws.partition}", "aws-us-gov")
        .replaceAll("${aws.region}", "us-gov-west-1")
        .replaceAll("${aws.account}", "123456789012")
        .replaceAll(
          /\$\{(\w+)\.arn\}/g,
          "arn:aws-us-gov:lambda:us-gov-west-1:123456789012:sluice-production-$1-abcdefgh",
        )
        .replaceAll(/\s/g, "");
      expect(held.length, name).toBeLessThan(limit - room);
    }
  });

  it("reach no VPC, because none is declared", () => {
    const granted = roles.flatMap(({ name }) => grants(name));
    expect(granted.filter((grant) => grant.startsWith("ec2:"))).toEqual([]);
    expect(JSON.stringify(lock)).not.toMatch(/vpcConfig|aws:ec2|AWSLambdaVPCAccessExecutionRole/);
  });

  it("pass roles to SageMaker only", () => {
    const passing = roles
      .flatMap(({ inputs }) => (inputs["inlinePolicies"] ?? []) as { policy: string }[])
      .flatMap(({ policy }) => statements(policy))
      .filter(({ Action }) => Action.includes("iam:PassRole"));
    expect(passing.length).toBeGreaterThan(0);
    for (const { Condition } of passing)
      expect(Condition).toEqual({ StringEquals: { "iam:PassedToService": ["sagemaker.amazonaws.com"] } });
  });

  it("include what Application Auto Scaling does with the permissions of its caller", () => {
    const endpoints = "arn:${aws.partition}:sagemaker:${aws.region}:${aws.account}:endpoint/sluice-local-*";
    const granted = grants("DeployRole");
    expect(granted).toContain(`sagemaker:DescribeEndpoint on ${endpoints}`);
    expect(granted).toContain(`sagemaker:UpdateEndpointWeightsAndCapacities on ${endpoints}`);
    for (const model of models) {
      const alarms = `arn:\${aws.partition}:cloudwatch:\${aws.region}:\${aws.account}:alarm:*-endpoint/sluice-local-${model.name}-*`;
      expect(granted).toContain(`cloudwatch:PutMetricAlarm on ${alarms}`);
      for (const role of ["DeployRole", "ApiHandlerRole"])
        expect(grants(role)).toContain(`cloudwatch:DeleteAlarms on ${alarms}`);
    }
  });

  it("come from no link: links only carry values", () => {
    for (const { links } of Object.values(lock.functions)) {
      for (const { type } of Object.values(links)) expect(type).toBe("sst.sst.Linkable");
    }
  });

  it.each(models.map((model) => [model.name, model] as const))(
    "of %s cover that model and no other",
    (name, model) => {
      const granted = grants(`${pascal(name)}InferRole`);
      const others = models.filter((other) => other !== model);
      for (const other of others) {
        expect(
          granted.filter((grant) =>
            new RegExp(`[/-]${other.name}[/-]|${pascal(other.name)}Queue`).test(grant),
          ),
        ).toEqual([]);
      }
      expect(granted.filter((grant) => grant.startsWith("s3:GetObject on"))).toEqual([
        ...model.accepts.prefixes.map((prefix) => `s3:GetObject on \${UploadsBucket.arn}/${prefix}*`),
        `s3:GetObject on \${ResultsBucket.arn}/async/${name}/*`,
        "s3:GetObject on ${ResultsBucket.arn}/async/input/*.pending",
      ]);
    },
  );

  it("allow live updates to use connections of their own API and stage only", () => {
    expect(grants("LiveMessagesRole")).toEqual([
      "dynamodb:GetItem on ${RecordsTable.arn}",
      "dynamodb:PutItem on ${RecordsTable.arn}",
      "dynamodb:Query on ${RecordsTable.arn}/index/gsi1",
      "dynamodb:Query on ${RecordsTable.arn}/index/gsi2",
      "dynamodb:Query on ${RecordsTable.arn}/index/gsi3",
      "dynamodb:Query on ${RecordsTable.arn}",
      "dynamodb:DeleteItem on ${RecordsTable.arn}",
      "execute-api:ManageConnections on ${LiveApi.executionArn}/$default/DELETE/@connections/*",
    ]);
    const managing = roles.flatMap(({ name }) =>
      grants(name)
        .filter((grant) => grant.startsWith("execute-api:"))
        .map((grant) => `${name}: ${grant}`),
    );
    expect(managing).toEqual(
      ["LiveMessagesRole DELETE", "SendLiveRole POST", "SendLiveRole DELETE"].map((grant) => {
        const [role, method] = grant.split(" ");
        return `${role}: execute-api:ManageConnections on \${LiveApi.executionArn}/$default/${method}/@connections/*`;
      }),
    );
  });

  it("do not allow the API to scan the table or to create endpoints", () => {
    const granted = grants("ApiHandlerRole");
    expect(granted.filter((grant) => /dynamodb:(Scan|\*)/.test(grant))).toEqual([]);
    expect(granted.filter((grant) => /sagemaker:(Create|Update)(Endpoint|Model)/.test(grant))).toEqual([]);
  });

  it("allow one function to start training jobs, with the training role only", () => {
    const jobs = "arn:${aws.partition}:sagemaker:${aws.region}:${aws.account}:training-job/sluice-local-*";
    const granted = grants("AdvanceTrainingRole");
    expect(granted).toContain(`sagemaker:CreateTrainingJob on ${jobs}`);
    expect(granted).toContain(`sagemaker:AddTags on ${jobs}`);
    expect(granted).toContain(`sagemaker:StopTrainingJob on ${jobs}`);
    expect(granted.filter((grant) => grant.startsWith("iam:"))).toEqual([
      "iam:PassRole on ${TrainingRole.arn}",
    ]);
    const policy = roles
      .filter(({ name }) => name === "AdvanceTrainingRole")
      .flatMap(({ inputs }) => (inputs["inlinePolicies"] ?? []) as { policy: string }[]);
    expect(policy[0]!.policy).toContain('"iam:PassedToService":["sagemaker.amazonaws.com"]');
    const others = roles.filter(({ name }) => name !== "AdvanceTrainingRole");
    for (const { name } of others)
      expect(grants(name).filter((grant) => grant.startsWith("sagemaker:CreateTrainingJob"))).toEqual([]);
  });

  it("allow a training job to read its data and to write its output in S3, nothing else", () => {
    expect(grants("TrainingRole").filter((grant) => grant.startsWith("s3:"))).toEqual([
      "s3:GetObject on ${UploadsBucket.arn}/*",
      "s3:GetObject on ${ArtifactsBucket.arn}/datasets/*",
      "s3:GetObject on ${ArtifactsBucket.arn}/packages/*",
      "s3:GetObject on ${ArtifactsBucket.arn}/incoming/*",
      "s3:GetObject on ${ArtifactsBucket.arn}/training/*",
      "s3:PutObject on ${ArtifactsBucket.arn}/training/*",
      "s3:ListBucket on ${UploadsBucket.arn}",
      "s3:ListBucket on ${ArtifactsBucket.arn}",
    ]);
  });

  it("allow an endpoint to read its package, uploads and stored inputs, nothing else", () => {
    expect(grants("HostingRole").filter((grant) => grant.startsWith("s3:"))).toEqual([
      "s3:GetObject on ${ArtifactsBucket.arn}/packages/*",
      "s3:GetObject on ${UploadsBucket.arn}/uploads/*",
      "s3:ListBucket on ${ArtifactsBucket.arn}",
      "s3:GetObject on ${ResultsBucket.arn}/async/input/*",
      "s3:PutObject on ${ResultsBucket.arn}/async/*",
    ]);
  });

  it("allow a job to pull any image of its region, and its starter to write only the run's input", () => {
    expect(grants("TrainingRole")).toContain(
      "ecr:BatchGetImage on arn:${aws.partition}:ecr:${aws.region}:*:repository/*",
    );
    const written = grants("AdvanceTrainingRole").filter((grant) => grant.startsWith("s3:PutObject"));
    expect(written).toEqual(["s3:PutObject on ${ArtifactsBucket.arn}/training/*/input/*"]);
  });
});
