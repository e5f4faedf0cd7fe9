// The base images of a Dockerfile: `FROM image:tag AS stage`, with a digest or without.

const FROM = /^(FROM\s+(?:--platform=\S+\s+)?)(\S+?)(?:@(sha256:[0-9a-f]{64}))?(\s+AS\s+(\S+))?[ \t]*$/gim;

/** Images by name and tag. Stages of the same file, `scratch` and variables are none. */
export function baseImages(dockerfile: string): string[] {
  const lines = [...dockerfile.matchAll(FROM)];
  const stages = new Set(["scratch", ...lines.flatMap(([, , , , , stage]) => stage ?? [])]);
  const images = lines
    .map(([, , image]) => image!)
    .filter((image) => !stages.has(image) && !image.includes("$"));
  return [...new Set(images)];
}

/** Keeps the tag, which tells a reader what the digest is. */
export function pinImages(dockerfile: string, digests: ReadonlyMap<string, string>): string {
  return dockerfile.replaceAll(FROM, (line: string, from: string, image: string, _old, as = "") => {
    const digest = digests.get(image);
    return digest ? `${from}${image}@${digest}${as}` : line;
  });
}
