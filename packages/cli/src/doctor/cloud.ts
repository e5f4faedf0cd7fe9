// Who we are to AWS, and whether what was created there is there.
import { HeadBucketCommand, ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { reach } from "../client.ts";
import { type Answer, fail, ok, type Patient, warn } from "./check.ts";
import { deployedAs } from "./graph.ts";

export async function credentials({ sdk, target }: Patient): Promise<Answer[]> {
  try {
    const { Arn } = await new STSClient(sdk).send(new GetCallerIdentityCommand({}));
    return [ok(`acting as ${Arn}`)];
  } catch (error) {
    const fix =
      target.where === "local"
        ? "Stop the local cloud and start it again: npm start."
        : "Sign in, for instance with `aws sso login`, and set AWS_PROFILE and AWS_REGION.";
    return [fail(`AWS takes no credentials from here: ${(error as Error).message}`, fix)];
  }
}

export async function embedded({ target }: Patient): Promise<Answer[]> {
  if (target.where !== "local") return [];
  const answer = await reach(`${target.environment["AWS_ENDPOINT_URL"]}/_cloud/health`);
  const health = (await answer.json()) as { pid: number; services: string[]; ignored: string[] };
  const up = ok(`the embedded AWS runs as process ${health.pid} with ${health.services.length} services`);
  if (health.ignored.length === 0) return [up];
  return [up, warn(`no service here brings to life: ${health.ignored.join(", ")}`)];
}

const BUCKETS = ["UploadsBucket", "ResultsBucket", "ArtifactsBucket"];

export async function buckets({ sdk, target }: Patient): Promise<Answer[]> {
  const s3 = new S3Client(sdk);
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  const names = Buckets.map(({ Name }) => Name!);
  return Promise.all(
    BUCKETS.map(async (logical) => {
      const name = deployedAs(names, target, logical.toLowerCase());
      if (!name) return fail(`${logical} is not there.`, "Deploy it: `npx sst deploy`, or `npm start` here.");
      try {
        await s3.send(new HeadBucketCommand({ Bucket: name }));
        return ok(`${name} is reachable`);
      } catch (error) {
        return fail(
          `${name} refuses: ${(error as Error).name}.`,
          "Give these credentials s3:ListBucket on it.",
        );
      }
    }),
  );
}
