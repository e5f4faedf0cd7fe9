// Tests the permissions of each inference function: assumes its role and makes calls that change nothing. Writing
// results, publishing and invoking are tested by --deep.
import { DynamoDBClient, ListTablesCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { HeadObjectCommand, ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import {
  GetQueueUrlCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { models } from "@sluice/models/index.ts";
import { pascal, queueName } from "@sluice/models/names.ts";
import { type CheckResult, fail, ok, type CheckContext, warn } from "./check.ts";
import { listFunctions } from "./functions.ts";
import { findDeployedName } from "./graph.ts";

/** A key that does not exist, so that an allowed call returns "not found". */
const TEST_KEY = ".sluice-doctor";

export async function checkPermissions({ sdk, target }: CheckContext): Promise<CheckResult[]> {
  const [functions, { Buckets = [] }, { TableNames = [] }, { QueueUrls = [] }] = await Promise.all([
    listFunctions(new LambdaClient(sdk), target),
    new S3Client(sdk).send(new ListBucketsCommand({})),
    new DynamoDBClient(sdk).send(new ListTablesCommand({})),
    new SQSClient(sdk).send(new ListQueuesCommand({ QueueNamePrefix: `${target.app}-${target.stage}-` })),
  ]);
  const bucket = findDeployedName(
    Buckets.map(({ Name }) => Name!),
    target,
    "uploadsbucket",
  );
  const table = findDeployedName(TableNames, target, "RecordsTable");
  const queues = QueueUrls.map((url) => url.split("/").at(-1)!);

  const results = await Promise.all(
    models.map(async ({ name, accepts }): Promise<CheckResult[]> => {
      const role = functions.find(({ logical }) => logical === `${pascal(name)}InferFunction`)?.Role;
      const queue = findDeployedName(queues, target, queueName(name));
      if (!role || !bucket || !table || !queue)
        return [
          fail(
            `${name}: its function, bucket, table or queue does not exist.`,
            "Deploy them with `npx sst deploy`, or run `npm start`.",
          ),
        ];
      const credentials = await assumeRole(sdk, role);
      if (typeof credentials === "string")
        return [
          warn(
            `${name}: these credentials cannot assume its role (${credentials}).`,
            "Allow sts:AssumeRole on it, or test end to end with --deep.",
          ),
        ];
      const as = { ...sdk, credentials };
      const key = `${accepts.prefixes[0]}${TEST_KEY}`;
      const deniedActions = await Promise.all([
        deniedAction(
          "s3:GetObject",
          new S3Client(as).send(new HeadObjectCommand({ Bucket: bucket, Key: key })),
        ),
        deniedAction("sqs:GetQueueAttributes", readQueue(new SQSClient(sdk), new SQSClient(as), queue)),
        deniedAction(
          "dynamodb:UpdateItem",
          new DynamoDBClient(as).send(
            new UpdateItemCommand({
              TableName: table,
              Key: { pk: { S: TEST_KEY }, sk: { S: TEST_KEY } },
              ConditionExpression: "attribute_exists(pk)",
            }),
          ),
        ),
      ]);
      const actions = deniedActions.filter((action) => action !== undefined);
      if (actions.length === 0) return [];
      return [
        fail(
          `${name}: its function lacks the permissions ${actions.join(", ")}.`,
          "Add the permissions to its role in infra/inference.ts, then deploy.",
        ),
      ];
    }),
  );
  const found = results.flat();
  return found.length > 0
    ? found
    : [ok("each inference role can access its uploads, queue and records (--deep tests the rest)")];
}

async function readQueue(own: SQSClient, asRole: SQSClient, queue: string) {
  const { QueueUrl } = await own.send(new GetQueueUrlCommand({ QueueName: queue }));
  return asRole.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }));
}

async function assumeRole(sdk: object, role: string) {
  try {
    const request = new AssumeRoleCommand({ RoleArn: role, RoleSessionName: "sluice-doctor" });
    const { Credentials } = await new STSClient(sdk).send(request);
    return {
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretAccessKey!,
      sessionToken: Credentials!.SessionToken!,
    };
  } catch (error) {
    return (error as Error).name;
  }
}

/** The action if the call was denied. Any other error means that it was allowed. */
async function deniedAction(action: string, call: Promise<unknown>): Promise<string | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    const { name, $metadata } = error as { name: string; $metadata?: { httpStatusCode?: number } };
    // A HEAD response has no body with an error code.
    const denied = /^AccessDenied|NotAuthorized/.test(name) || $metadata?.httpStatusCode === 403;
    if (denied) return action;
    if ($metadata?.httpStatusCode) return undefined;
    throw error;
  }
}
