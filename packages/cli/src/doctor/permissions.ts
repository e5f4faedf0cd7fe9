// What each inference function must be allowed, tried as its own role by calls that change nothing: AWS's own decision,
// not a reading of policies. Writing results, publishing and invoking cannot be tried so; --deep does them for real.
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
import { type Answer, fail, ok, type Patient, warn } from "./check.ts";
import { runningFunctions } from "./functions.ts";
import { deployedAs } from "./graph.ts";

/** Nobody uploads it: what may be read of it is "it is not there". */
const NOBODYS = ".sluice-doctor";

export async function permissions({ sdk, target }: Patient): Promise<Answer[]> {
  const [running, { Buckets = [] }, { TableNames = [] }, { QueueUrls = [] }] = await Promise.all([
    runningFunctions(new LambdaClient(sdk), target),
    new S3Client(sdk).send(new ListBucketsCommand({})),
    new DynamoDBClient(sdk).send(new ListTablesCommand({})),
    new SQSClient(sdk).send(new ListQueuesCommand({ QueueNamePrefix: `${target.app}-${target.stage}-` })),
  ]);
  const bucket = deployedAs(
    Buckets.map(({ Name }) => Name!),
    target,
    "uploadsbucket",
  );
  const table = deployedAs(TableNames, target, "RecordsTable");
  const queues = QueueUrls.map((url) => url.split("/").at(-1)!);

  const answers = await Promise.all(
    models.map(async ({ name, accepts }): Promise<Answer[]> => {
      const role = running.find(({ logical }) => logical === `${pascal(name)}InferFunction`)?.Role;
      const queue = deployedAs(queues, target, queueName(name));
      if (!role || !bucket || !table || !queue)
        return [
          fail(
            `${name}: its function, bucket, table or queue is not there to try.`,
            "Deploy them: `npx sst deploy`, or `npm start` here.",
          ),
        ];
      const credentials = await assume(sdk, role);
      if (typeof credentials === "string")
        return [
          warn(
            `${name}: its role cannot be tried from here (${credentials}).`,
            "Allow these credentials sts:AssumeRole on it, or try the whole way with --deep.",
          ),
        ];
      const as = { ...sdk, credentials };
      const key = `${accepts.prefixes[0]}${NOBODYS}`;
      const refused = await Promise.all([
        refusal("s3:GetObject", new S3Client(as).send(new HeadObjectCommand({ Bucket: bucket, Key: key }))),
        refusal("sqs:GetQueueAttributes", attributes(new SQSClient(sdk), new SQSClient(as), queue)),
        refusal(
          "dynamodb:UpdateItem",
          new DynamoDBClient(as).send(
            new UpdateItemCommand({
              TableName: table,
              Key: { pk: { S: NOBODYS }, sk: { S: NOBODYS } },
              ConditionExpression: "attribute_exists(pk)",
            }),
          ),
        ),
      ]);
      const actions = refused.filter((action) => action !== undefined);
      if (actions.length === 0) return [];
      return [
        fail(
          `${name}: its function may not ${actions.join(", ")}.`,
          "Give its role in infra/inference.ts the permission back, then deploy.",
        ),
      ];
    }),
  );
  const found = answers.flat();
  return found.length > 0
    ? found
    : [ok("each inference role may reach its uploads, its queue and its records (--deep tries the rest)")];
}

async function attributes(mine: SQSClient, theirs: SQSClient, queue: string) {
  const { QueueUrl } = await mine.send(new GetQueueUrlCommand({ QueueName: queue }));
  return theirs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }));
}

async function assume(sdk: object, role: string) {
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

/** The action when the call was not allowed; any other end means that it was. */
async function refusal(action: string, call: Promise<unknown>): Promise<string | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    const { name, $metadata } = error as { name: string; $metadata?: { httpStatusCode?: number } };
    // HEAD has no body to name the error.
    const denied = /^AccessDenied|NotAuthorized/.test(name) || $metadata?.httpStatusCode === 403;
    if (denied) return action;
    if ($metadata?.httpStatusCode) return undefined;
    throw error;
  }
}
