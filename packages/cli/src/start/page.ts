// Builds the page if its sources changed, and uploads it to the bucket that CloudFront serves.
import { readFile } from "node:fs/promises";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { CONFIG, type SiteConfig, siteFiles } from "@sluice/web/site/files.ts";
import { runChild } from "../process/child.ts";
import { Failure } from "../terminal/failure.ts";
import type { LocalState } from "../target/local-state.ts";

/** Returns the folder with the built page. */
export async function buildPage(): Promise<string> {
  const { status, stdout, lastLine } = await runChild("packages/web/src/site/build.ts");
  if (status === 0) return stdout;
  throw new Failure("PAGE_NOT_BUILT", `The page could not be built: ${lastLine}`, {
    hint: "Run `npm run build --workspace packages/web` to see the full message.",
  });
}

export async function publishPage(folder: string, { api, live, page }: LocalState): Promise<void> {
  const s3 = new S3Client({ forcePathStyle: true });
  const put = (file: { key: string; contentType: string; cacheControl: string }, body: Uint8Array | string) =>
    s3.send(
      new PutObjectCommand({
        Bucket: page.bucket,
        Key: file.key,
        Body: body,
        ContentType: file.contentType,
        CacheControl: file.cacheControl,
      }),
    );
  try {
    await put(CONFIG, JSON.stringify({ api, live } satisfies SiteConfig));
    for (const file of siteFiles(folder)) await put(file, await readFile(file.file));
  } catch (cause) {
    throw new Failure("PAGE_NOT_PUBLISHED", `The page could not be published: ${(cause as Error).message}`, {
      hint: "Start again. A missing build is created again.",
      cause,
    });
  } finally {
    s3.destroy();
  }
}
