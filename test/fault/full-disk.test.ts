// A state folder that takes nothing for a while: the process stays up, says why, and goes on when there is room.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { CreateQueueCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateTableCommand, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterEach, describe, expect, test } from "vitest";
import { start } from "../cli/sluice.ts";
import { until } from "../support/until.ts";

const MODEL = "vehicles";
/** Of 200 KB: more than any disk here holds. */
const ROWS = 100;

interface Limit {
  /** A folder on the disk that `fill` fills. */
  folder: string;
  fill(pid: number): void;
  free(pid: number): void;
  dispose(): void;
}

const works = (command: string, ...args: string[]) => {
  try {
    execFileSync(command, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};

/** No process without rights may fill a disk, but each may be forbidden to let its files grow. */
function fileSizeLimit(): Limit {
  const folder = mkdtempSync(path.join(tmpdir(), "sluice-full-"));
  const limit = (pid: number, bytes: string) =>
    execFileSync("prlimit", ["--pid", `${pid}`, `--fsize=${bytes}:`]);
  return {
    folder,
    fill: (pid) => limit(pid, "0"),
    free: (pid) => limit(pid, "unlimited"),
    dispose: () => rmSync(folder, { recursive: true }),
  };
}

function smallDisk(): Limit {
  const folder = mkdtempSync(path.join(tmpdir(), "sluice-full-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=16m", "tmpfs", folder]);
  const filler = path.join(folder, "filler");
  return {
    folder,
    fill: () => expect(() => writeFileSync(filler, Buffer.alloc(16 * 1024 * 1024))).toThrow(/ENOSPC/),
    free: () => rmSync(filler),
    dispose: () => {
      execFileSync("umount", [folder]);
      rmSync(folder, { recursive: true });
    },
  };
}

function mountable(): boolean {
  const folder = mkdtempSync(path.join(tmpdir(), "sluice-mount-"));
  const mounted = works("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder);
  if (mounted) execFileSync("umount", [folder]);
  rmSync(folder, { recursive: true });
  return mounted;
}

let dispose: Array<() => unknown> = [];
afterEach(async () => {
  for (const end of dispose.toReversed()) await end();
  dispose = [];
});

describe.each([
  // Without util-linux a limit cannot be taken back; without root nothing can be mounted.
  {
    name: "a limit on file sizes",
    possible: works("prlimit", "--version"),
    make: fileSizeLimit,
    reason: /failed|full/,
  },
  { name: "a full disk", possible: mountable(), make: smallDisk, reason: /The disk is full/ },
])("$name", ({ possible, make, reason }) => {
  test.skipIf(!possible)(
    "stops no process and loses no acknowledged write",
    async () => {
      const limit = make();
      dispose.push(limit.dispose);
      const dir = path.join(limit.folder, "state");
      const cloud = await start(["--no-samples", "--port", "0", "--dir", dir]);
      dispose.push(cloud.stop);
      const { environment, endpoint, api, token, buckets } = cloud.state;
      const options = {
        endpoint,
        region: environment.AWS_REGION,
        credentials: {
          accessKeyId: environment.AWS_ACCESS_KEY_ID,
          secretAccessKey: environment.AWS_SECRET_ACCESS_KEY,
        },
        maxAttempts: 1,
      };
      const [s3, sqs, dynamodb] = [
        new S3Client({ ...options, forcePathStyle: true }),
        new SQSClient(options),
        new DynamoDBClient(options),
      ];
      const upload = (name: string) =>
        s3.send(
          new PutObjectCommand({ Bucket: buckets.uploads, Key: `uploads/${MODEL}/${name}.jpg`, Body: name }),
        );
      const predictions = async () => {
        const answer = await fetch(`${api}/predictions?model=${MODEL}`, {
          headers: { authorization: `Bearer ${token}` },
        });
        const { items } = (await answer.json()) as { items: Array<{ source: { key: string } }> };
        return items.map(({ source }) => path.basename(source.key, ".jpg")).toSorted();
      };
      const advance = (advanceMs: number) =>
        fetch(`${endpoint}/_cloud/clock`, { method: "POST", body: JSON.stringify({ advanceMs }) });

      const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "own" }));
      const TableName = "own";
      await dynamodb.send(
        new CreateTableCommand({
          TableName,
          BillingMode: "PAY_PER_REQUEST",
          AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
          KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        }),
      );
      await upload("before");
      limit.fill(cloud.pid);
      const refusal = {
        name: expect.stringContaining("ServiceUnavailable"),
        message: expect.stringMatching(reason),
        $metadata: expect.objectContaining({ httpStatusCode: 503 }),
      };
      await expect(upload("refused")).rejects.toMatchObject(refusal);
      await expect(upload("refused")).rejects.toMatchObject({ message: expect.stringContaining(dir) });
      // There may be room for some rows still.
      const refused = async (write: (n: number) => Promise<unknown>) => {
        for (let n = 0; n < ROWS; n++) {
          const error = await write(n).then(
            () => undefined,
            (thrown: unknown) => thrown,
          );
          if (error) return error;
        }
        throw new Error("Every row found room.");
      };
      const large = "x".repeat(200_000);
      expect(
        await refused(() => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: large }))),
      ).toMatchObject(refusal);
      expect(
        await refused((n) =>
          dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: `${n}` }, large: { S: large } } })),
        ),
      ).toMatchObject(refusal);

      // Schedules, alarms, expiry and deliveries all come due, and none of them can write.
      expect((await advance(15 * 60_000)).status).toBe(200);
      await expect(upload("refused")).rejects.toMatchObject(refusal);
      expect((await fetch(`${endpoint}/_cloud/health`)).status).toBe(200);

      limit.free(cloud.pid);
      await until(() => upload("after"));
      // A delivery that failed meanwhile is tried again minutes later.
      await advance(15 * 60_000);
      await until(async () => expect(await predictions()).toEqual(["after", "before"]));
      expect(readFileSync(path.join(dir, "cloud.log"), "utf8")).toMatch(
        /can be written again|lines before this/,
      );
      expect(existsSync(`/proc/${cloud.pid}`)).toBe(true);
    },
    120_000,
  );
});
