import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterEach, describe, expect, test } from "vitest";
import type { Resource } from "../kernel/graph.ts";
import type { Plugin } from "../kernel/service.ts";
import { testCloud, type TestCloud } from "../kernel/testing-cloud.ts";
import { sts } from "../service/sts/plugin.ts";
import { parsePolicy, appliesTo } from "./document.ts";
import { matchesConditions } from "./condition.ts";

const QUEUE = "arn:aws:sqs:us-east-1:000000000000:orders";
const ROLE = "arn:aws:iam::000000000000:role/worker";

const stub: Plugin[] = [
  {
    name: "s3",
    resources: {
      "aws:s3/bucket:Bucket": ({ inputs }) => ({ arn: `arn:aws:s3:::${inputs.bucket}`, bucket: "box" }),
    },
    start: () => ({
      operations: { GetObject: () => ({ Body: "content", ContentLength: 7 }) },
      access: (_, input) => [
        { action: "s3:GetObject", resource: `arn:aws:s3:::${input.Bucket}/${input.Key}` },
      ],
    }),
  },
  {
    name: "sqs",
    arns: ["sqs"],
    resources: {
      "aws:sqs/queue:Queue": () => ({ arn: QUEUE, url: "http://q", id: "http://q", name: "orders" }),
    },
    start: () => ({
      operations: { SendMessage: () => ({ MessageId: "1" }) },
      access: () => [{ action: "sqs:SendMessage", resource: QUEUE }],
      accept() {},
    }),
  },
];

const statement = (rest: object) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...rest }] });
const role = (...policies: string[]): Resource => ({
  name: "Worker",
  type: "aws:iam/role:Role",
  inputs: {
    name: "worker",
    inlinePolicies: policies.map((policy, index) => ({ name: `p${index}`, policy })),
  },
});
const queue: Resource = { name: "Orders", type: "aws:sqs/queue:Queue", inputs: {} };
const bucket: Resource = { name: "Box", type: "aws:s3/bucket:Bucket", inputs: { bucket: "box" } };

let cloud: TestCloud;
afterEach(() => cloud?.dispose());

async function asWorker(resources: Resource[]) {
  cloud = await testCloud({ plugins: [sts, ...stub], graph: { resources } });
  const key = cloud.kernel.keys.issue(ROLE, "fn-1");
  return { ...cloud.client, credentials: key, maxAttempts: 1 };
}
const send = new SendMessageCommand({ QueueUrl: "http://q", MessageBody: "m" });
const get = (Key: string) => new GetObjectCommand({ Bucket: "box", Key });

describe("a role", () => {
  test("may do what its inline policy allows; the error names a missing permission", async () => {
    const client = await asWorker([
      role(statement({ Action: "s3:GetObject", Resource: "${Box.arn}/in/*" })),
      bucket,
    ]);
    await new S3Client(client).send(get("in/a"));
    await expect(new S3Client(client).send(get("out/a"))).rejects.toMatchObject({
      name: "AccessDenied",
      message:
        "User: arn:aws:sts::000000000000:assumed-role/worker/fn-1 is not authorized to perform: s3:GetObject on resource: " +
        "arn:aws:s3:::box/out/a because no identity-based policy allows the s3:GetObject action",
      $metadata: { httpStatusCode: 403 },
    });
  });

  test("may do what an attached or separate policy allows", async () => {
    const client = await asWorker([
      role(),
      queue,
      {
        name: "Own",
        type: "aws:iam/policy:Policy",
        inputs: { policy: statement({ Action: "sqs:*", Resource: QUEUE }) },
      },
      {
        name: "Attach",
        type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        inputs: { role: "${Worker.name}", policyArn: "${Own.arn}" },
      },
      {
        name: "Inline",
        type: "aws:iam/rolePolicy:RolePolicy",
        inputs: { role: "${Worker.id}", policy: statement({ Action: "s3:Get*", Resource: "*" }) },
      },
    ]);
    await expect(new SQSClient({ ...client, md5: false }).send(send)).resolves.toMatchObject({
      MessageId: "1",
    });
    await expect(new S3Client(client).send(get("k"))).resolves.toMatchObject({ ContentLength: 7 });
  });

  test("may not do what a policy denies, even if another allows it", async () => {
    const client = await asWorker([
      role(
        statement({ Action: "*", Resource: "*" }),
        statement({ Effect: "Deny", Action: "s3:*", Resource: "arn:aws:s3:::box/secret*" }),
      ),
    ]);
    await new S3Client(client).send(get("open"));
    await expect(new S3Client(client).send(get("secret/a"))).rejects.toThrow(/explicit deny/);
  });

  test("may use a bucket whose policy requires TLS, because loopback counts as TLS", async () => {
    const policy = JSON.stringify({
      Statement: [
        {
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: ["${Box.arn}", "${Box.arn}/*"],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
    const client = await asWorker([
      role(statement({ Action: "s3:GetObject", Resource: "*" })),
      bucket,
      {
        name: "Guard",
        type: "aws:s3/bucketPolicy:BucketPolicy",
        inputs: { bucket: "${Box.bucket}", policy },
      },
    ]);
    await expect(new S3Client(client).send(get("k"))).resolves.toMatchObject({ ContentLength: 7 });
  });

  test("that is not in the graph may only call GetCallerIdentity", async () => {
    const client = await asWorker([]);
    await expect(new S3Client(client).send(get("k"))).rejects.toMatchObject({ name: "AccessDenied" });
    const { Arn } = await new STSClient(client).send(new GetCallerIdentityCommand({}));
    expect(Arn).toBe("arn:aws:sts::000000000000:assumed-role/worker/fn-1");
  });
});

describe("a delivery into a queue", () => {
  const rule = "arn:aws:events:us-east-1:000000000000:rule/orders";
  const deliver = (arn: string) =>
    cloud.kernel.deliver(QUEUE, { payload: "{}", source: { service: "events.amazonaws.com", arn } });
  const policy = statement({
    Principal: { Service: "events.amazonaws.com" },
    Action: "sqs:SendMessage",
    Resource: "${Orders.arn}",
    Condition: { ArnEquals: { "aws:SourceArn": rule } },
  });

  test("requires that the queue's policy names the source", async () => {
    await asWorker([
      queue,
      {
        name: "Policy",
        type: "aws:sqs/queuePolicy:QueuePolicy",
        inputs: { queueUrl: "${Orders.url}", policy },
      },
    ]);
    expect(() => deliver(rule)).not.toThrow();
    expect(() => deliver(`${rule}2`)).toThrow(
      /not authorized to perform: sqs:SendMessage on resource: .*:orders/,
    );
  });

  test("is refused when there is no policy", async () => {
    await asWorker([queue]);
    expect(() => deliver(rule)).toThrow(/no resource-based policy allows/);
  });
});

describe("signatures", () => {
  test("a wrong secret, an unknown key and a missing session token are rejected", async () => {
    const client = await asWorker([role()]);
    const ask = (credentials: object) =>
      new STSClient({ ...client, credentials: credentials as never }).send(new GetCallerIdentityCommand({}));
    await expect(ask({ ...cloud!.client.credentials, secretAccessKey: "guess" })).rejects.toMatchObject({
      name: "SignatureDoesNotMatch",
    });
    await expect(ask({ accessKeyId: "AKIAUNKNOWN", secretAccessKey: "x" })).rejects.toMatchObject({
      name: "InvalidClientTokenId",
    });
    await expect(ask({ ...client.credentials, sessionToken: undefined })).rejects.toMatchObject({
      name: "InvalidToken",
    });
  });
});

describe("a statement applies to a request", () => {
  const question = {
    action: "s3:GetObject",
    resource: "arn:aws:s3:::b/me/k",
    context: { "aws:username": "me" },
  };
  test.each([
    ["by action, in any case", { Action: "S3:getobject", Resource: "*" }, true],
    ["by wildcard", { Action: "s3:Get?bject", Resource: "arn:aws:s3:::b/*" }, true],
    ["not for another action", { Action: "s3:PutObject", Resource: "*" }, false],
    ["not for an action in NotAction", { NotAction: ["s3:Get*"], Resource: "*" }, false],
    ["for an action that is not in NotAction", { NotAction: "s3:Put*", Resource: "*" }, true],
    ["not for a resource in NotResource", { Action: "*", NotResource: "arn:aws:s3:::b/*" }, false],
    ["with variables", { Action: "*", Resource: "arn:aws:s3:::b/${aws:username}/*" }, true],
    ["with case-sensitive resources", { Action: "*", Resource: "arn:aws:s3:::B/*" }, false],
  ])("%s", (_, part, expected) => {
    expect(appliesTo({ Effect: "Allow", ...part }, question)).toBe(expected);
  });

  test.each([
    [{ StringEquals: { "s3:prefix": ["a", "b"] } }, { "s3:prefix": "b" }, true],
    [{ StringEquals: { "s3:prefix": "a" } }, {}, false],
    [{ StringEqualsIfExists: { "s3:prefix": "a" } }, {}, true],
    [{ StringNotEquals: { "s3:prefix": "a" } }, { "s3:prefix": "b" }, true],
    [
      { StringLike: { "s3:prefix": "a/*" }, Bool: { "aws:SecureTransport": "true" } },
      { "s3:prefix": "a/b" },
      false,
    ],
    [
      { ArnLike: { "aws:SourceArn": "arn:aws:events:*:*:rule/*" } },
      { "aws:sourcearn": "arn:aws:events:r:0:rule/x" },
      true,
    ],
    [{ Null: { "aws:TokenIssueTime": "true" } }, {}, true],
    [{ NumericLessThan: { "s3:max-keys": "10" } }, { "s3:max-keys": "9" }, true],
  ])("under %j given %j: %s", (conditions, context, expected) => {
    expect(matchesConditions(conditions as never, context as never)).toBe(expected);
  });

  test("an unknown operator or effect is an error", () => {
    expect(() => matchesConditions({ StringIsh: { a: "b" } }, { a: "b" })).toThrow(/StringIsh/);
    expect(() => parsePolicy('{"Statement":{"Effect":"allow"}}', "P")).toThrow(
      /policy of P has the Effect "allow"/,
    );
  });
});
