// ResultWriter: the results of a distributed map as files in S3.
import type { Kernel, Principal } from "../../../kernel/service.ts";
import type { Json, JsonObject } from "../language/json.ts";
import type { ItemResult, MapRun, MapRuns } from "../store/map-runs.ts";
import { TaskError } from "../task/error.ts";

const FILES = ["SUCCEEDED", "FAILED"] as const;

/** Returns the output of the Map state. */
export async function writeResults(
  kernel: Kernel,
  mapRuns: MapRuns,
  { arn }: MapRun,
  { Bucket, Prefix }: JsonObject,
  as: Principal,
): Promise<Json> {
  const folder = [Prefix, arn.split(":").at(-1)].filter(Boolean).join("/");
  const put = async (name: string, value: Json) => {
    const Body = JSON.stringify(value);
    const Key = `${folder}/${name}`;
    try {
      await kernel.call(
        "s3",
        "PutObject",
        { Bucket, Key, Body: Buffer.from(Body), ContentType: "application/json" },
        as,
      );
    } catch (error) {
      throw new TaskError("States.ResultWriterFailed", (error as Error).message);
    }
    return { Key, Size: Buffer.byteLength(Body) };
  };
  const ResultFiles: Record<string, Json> = { PENDING: [] };
  for (const status of FILES) {
    const items = mapRuns.items(arn, status);
    ResultFiles[status] =
      items.length > 0
        ? [
            await put(
              `${status}_0.json`,
              items.map((one) => describe(one, status)),
            ),
          ]
        : [];
  }
  const manifest = await put("manifest.json", {
    DestinationBucket: Bucket ?? null,
    MapRunArn: arn,
    ResultFiles,
  });
  return { MapRunArn: arn, ResultWriterDetails: { Bucket: Bucket ?? null, Key: manifest.Key } };
}

const describe = ({ child, input, output, error, cause }: ItemResult, status: string): JsonObject => ({
  ExecutionArn: child,
  Input: input,
  ...(output !== null && { Output: output }),
  ...(error !== null && { Error: error }),
  ...(cause !== null && { Cause: cause }),
  Name: child.split(":").at(-1)!,
  Status: status,
});
