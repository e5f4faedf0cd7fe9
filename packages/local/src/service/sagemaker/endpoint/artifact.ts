// Downloads a model.tar.gz with the model's execution role and unpacks it for the container.
import { mkdir, rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { extract } from "tar";
import type { Kernel } from "../../../kernel/service.ts";
import { UNPACKED_MODEL_BYTES } from "../limits.ts";
import { getObject, parseS3Uri } from "../s3.ts";

export async function unpackModel(
  kernel: Kernel,
  url: string,
  roleArn: string,
  folder: string,
): Promise<void> {
  if (!parseS3Uri(url)?.key) throw new Error(`ModelDataUrl ${url} is not an S3 URI.`);
  const object = await getObject(kernel, roleArn, url);

  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  let refused: string | undefined;
  let bytes = 0;
  // Links could point outside the folder. The tar library rejects absolute paths and "..".
  const unpack = extract({
    cwd: folder,
    strict: true,
    filter(path, entry) {
      if (!("type" in entry)) return true;
      bytes += entry.size ?? 0;
      if (entry.type.endsWith("Link")) refused ??= `it contains a link, ${path}`;
      if (path.split("/").includes("..") || path.startsWith("/"))
        refused ??= `it contains a path outside the folder, ${path}`;
      // Remove setuid, setgid and execute bits.
      entry.mode = entry.type === "Directory" ? 0o700 : 0o600;
      if (bytes > UNPACKED_MODEL_BYTES) refused ??= `it unpacks to more than ${UNPACKED_MODEL_BYTES} bytes`;
      return !refused;
    },
  });
  await pipeline(object.Body, unpack);
  if (refused) throw new Error(`The model package ${url} was rejected: ${refused}.`);
}
