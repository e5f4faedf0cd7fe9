import { readFileSync, writeFileSync } from "node:fs";
import { baseImages, pinImages } from "./dockerfile.ts";
import { resolveDigest } from "./registry.ts";

/** Yields a line for each digest and each file. Every digest is known before the first file changes. */
export async function* pinDockerfiles(files: string[], write: boolean): AsyncGenerator<string> {
  const dockerfiles = files.map((file) => ({ file, text: readFileSync(file, "utf8") }));
  const digests = new Map<string, string>();
  for (const image of new Set(dockerfiles.flatMap(({ text }) => baseImages(text)))) {
    digests.set(image, await resolveDigest(image));
    yield `${image}@${digests.get(image)}`;
  }
  const changed = dockerfiles
    .map(({ file, text }) => ({ file, text, pinned: pinImages(text, digests) }))
    .filter(({ text, pinned }) => pinned !== text);
  if (write) for (const { file, pinned } of changed) writeFileSync(file, pinned);
  for (const { file } of changed) yield `${write ? "Pinned" : "Would pin"} ${file}`;
  if (changed.length === 0) yield "Every base image is pinned to its current digest.";
  else if (!write) yield "Write them with `npm run pin-images -- --write`.";
}
