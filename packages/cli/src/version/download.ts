import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ModelVersion } from "@sluice/core/version/version.ts";
import { fetchApi, readBody, type Client } from "../target/client.ts";
import { EXIT, Failure } from "../terminal/failure.ts";

/** Saves the package of a version. */
export async function downloadPackage(
  api: Client,
  { model, version }: Pick<ModelVersion, "model" | "version">,
  file: string,
): Promise<void> {
  const { url } = await readBody(
    api.versions[":model"][":version"].package.$get({ param: { model, version } }),
  );
  const response = await fetchApi(url);
  if (!response.ok || !response.body)
    throw new Failure(
      "PACKAGE_UNREACHABLE",
      `The download of the package failed with HTTP ${response.status}.`,
      { exit: EXIT.unreachable, hint: "Run the command again. To find the cause, run `npx sluice doctor`." },
    );
  await pipeline(Readable.fromWeb(response.body as never), createWriteStream(file));
}
