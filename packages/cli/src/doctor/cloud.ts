import { HeadBucketCommand, ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { fetchApi } from "../target/client.ts";
import { type CheckResult, fail, ok, type AwsContext, type CheckContext, warn } from "./check.ts";
import { findDeployedName } from "./graph.ts";

export async function checkCredentials({ sdk, where }: AwsContext): Promise<CheckResult[]> {
  try {
    const { Arn } = await new STSClient(sdk).send(new GetCallerIdentityCommand({}));
    return [ok(`AWS credentials of ${Arn}`)];
  } catch (error) {
    const fix =
      where === "local"
        ? "Restart the local cloud: npm start."
        : "Sign in, for instance with `aws sso login`, and set AWS_PROFILE and AWS_REGION.";
    return [fail(`AWS rejects the credentials: ${(error as Error).message}`, fix)];
  }
}

export async function checkLocalCloud({ target }: CheckContext): Promise<CheckResult[]> {
  if (target.where !== "local") return [];
  const response = await fetchApi(`${target.environment["AWS_ENDPOINT_URL"]}/_cloud/health`);
  const health = (await response.json()) as { pid: number; services: string[]; ignored: string[] };
  const running = ok(`the local cloud runs as process ${health.pid} with ${health.services.length} services`);
  if (health.ignored.length === 0) return [running];
  return [running, warn(`the local cloud does not support: ${health.ignored.join(", ")}`)];
}

const BUCKETS = ["UploadsBucket", "ResultsBucket", "ArtifactsBucket"];

export async function checkBuckets({ sdk, target }: CheckContext): Promise<CheckResult[]> {
  const s3 = new S3Client(sdk);
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  const names = Buckets.map(({ Name }) => Name!);
  return Promise.all(
    BUCKETS.map(async (logical) => {
      const name = findDeployedName(names, target, logical.toLowerCase());
      if (!name)
        return fail(`${logical} does not exist.`, "Deploy it with `npx sst deploy`, or run `npm start`.");
      try {
        await s3.send(new HeadBucketCommand({ Bucket: name }));
        return ok(`${name} is reachable`);
      } catch (error) {
        return fail(
          `${name} is not accessible: ${(error as Error).name}.`,
          "Allow s3:ListBucket on it for these credentials.",
        );
      }
    }),
  );
}
