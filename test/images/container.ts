// Starts a program of a built image as SageMaker does: in its own mounts and processes, with only /opt/ml and /tmp writable.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

interface Image {
  /** The folder of its mounted file system. */
  root: string;
  /** As buildah describes it. */
  image: { OCIv1: { config: { Env?: string[]; Entrypoint: string[] } } };
}

export interface Start {
  /** The program and its arguments; the entry point by default. */
  program?: string[];
  /** The numeric user; 0 is root. */
  user: number;
  /** The host's folder that becomes /opt/ml. */
  optMl: string;
  /** Folders under /opt/ml that cannot be written. */
  readOnly?: string[];
  env?: Record<string, string>;
}

/** A user that the image does not know, as on serverless endpoints. */
export const NAMELESS_USER = 1_993;
export const users = [
  ["root", 0],
  ["a user that the image does not know", NAMELESS_USER],
] as const;

const PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
// Docker's defaults, apart from the read-only root.
const SCRIPT = `
set -e
root=$1 user=$2 optMl=$3 readOnly=$4
shift 4
mkdir -p "$root/opt/ml"
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount --bind "$optMl" "$root/opt/ml"
for folder in $readOnly; do
  mount --bind "$optMl/$folder" "$root/opt/ml/$folder"
  mount -o remount,bind,ro "$root/opt/ml/$folder"
done
mount -o remount,bind,ro "$root"
exec chroot --userspec="$user:$user" --groups="$user" "$root" /usr/bin/env -i "$@"`;

export function startContainer(name: string, { program, user, optMl, readOnly = [], env = {} }: Start) {
  const file = path.join(process.env["SLUICE_IMAGES"]!, `${name}.json`);
  const { root, image } = JSON.parse(readFileSync(file, "utf8")) as Image;
  const { config } = image.OCIv1;
  const variables = [PATH, ...(config.Env ?? []), ...Object.entries(env).map((pair) => pair.join("="))];
  const command = program ?? config.Entrypoint;
  const isolated = ["--mount", "--pid", "--fork", "--kill-child", "sh", "-c", SCRIPT, "sh"];
  const mounts = [root, String(user), optMl, readOnly.join(" ")];
  return spawn("unshare", [...isolated, ...mounts, ...variables, ...command], {
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Runs a job to its end. */
export async function runContainer(
  name: string,
  start: Start,
): Promise<{ code: number | null; log: string }> {
  const child = startContainer(name, start);
  let log = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      log += text;
    });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, log };
}

/** Makes the folders of a job, and gives everything in /opt/ml to its user. */
export function prepareFolders(optMl: string, user: number, folders: string[]): void {
  for (const folder of folders) mkdirSync(path.join(optMl, folder), { recursive: true });
  chmodSync(optMl, 0o755);
  for (const entry of ["", ...(readdirSync(optMl, { recursive: true }) as string[])])
    chownSync(path.join(optMl, entry), user, user);
}
