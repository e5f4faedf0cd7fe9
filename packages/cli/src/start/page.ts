// The page, built when its sources changed and put where the embedded CloudFront shows it, as a deployment does on AWS.
import { readFile } from "node:fs/promises";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { CONFIG, type SiteConfig, siteFiles } from "@sluice/web/site/files.ts";
import { Failure } from "../failure.ts";
import type { LocalState } from "../local-state.ts";
import { runChild } from "./child.ts";

/** The folder it is in. Runs beside everything else that starts: a build takes a second or two. */
export async function buildPage(): Promise<string> {
  const { status, stdout, lastLine } = await runChild("packages/web/src/site/build.ts");
  if (status === 0) return stdout;
  throw new Failure("PAGE_NOT_BUILT", `The page could not be built: ${lastLine}`, {
    hint: "Run `npm run build --workspace packages/web` to see the whole message.",
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
    throw new Failure(
      "PAGE_NOT_PUBLISHED",
      `The page could not be put in place: ${(cause as Error).message}`,
      {
        hint: "Start again: it is built anew where its build is gone.",
        cause,
      },
    );
  } finally {
    s3.destroy();
  }
}
