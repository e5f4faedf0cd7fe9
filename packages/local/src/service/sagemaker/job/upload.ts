// Uploads a job's output to S3 with the job's role: as one archive, or file by file.
import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { create } from "tar";
import type { Kernel } from "../../../kernel/service.ts";
import { StorageError } from "../../../kernel/storage-error.ts";
import { putObject } from "../s3.ts";
import { JobFailure } from "./job.ts";

export interface UploadOptions {
  kernel: Kernel;
  roleArn: string;
  folder: string;
  uri: string;
}

async function put({ kernel, roleArn, uri }: UploadOptions, body: object) {
  await putObject(kernel, roleArn, uri, body).catch((error: Error) => {
    if (error instanceof StorageError) throw error;
    throw new JobFailure(`ClientError: Artifact upload failed: ${error.message} (${uri})`);
  });
}

/** Uploads the folder's entries as a tar.gz, streamed. */
export async function uploadArchive(options: UploadOptions): Promise<void> {
  const entries = await readdir(options.folder);
  const archive = create(
    {
      gzip: true,
      cwd: options.folder,
      // The modes of a container's root user, independent of the umask.
      onWriteEntry: ({ stat: found }) => void (found!.mode = found!.isDirectory() ? 0o755 : 0o644),
    },
    entries.length > 0 ? entries : ["."],
  );
  await put(options, { Body: archive, ContentType: "application/x-tar" });
}

/** Uploads every file below the folder, with its relative path as key. */
export async function uploadFiles(options: UploadOptions): Promise<void> {
  const { folder } = options;
  const base = options.uri.replace(/\/$/, "");
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const uri = `${base}/${relative(folder, file).split(sep).join("/")}`;
    await put({ ...options, uri }, { Body: createReadStream(file), ContentLength: (await stat(file)).size });
  }
}

export async function hasFiles(folder: string): Promise<boolean> {
  return (await readdir(folder).catch(() => [])).length > 0;
}
