// The digest of an image's tag, as its registry serves it (OCI Distribution, version 2).
import { createHash } from "node:crypto";

export interface ImageName {
  /** Host and port. */
  registry: string;
  repository: string;
  tag: string;
}

const DOCKER_HUB = "registry-1.docker.io";
/** An index of all platforms, or the manifest of one. */
const MANIFESTS = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/** "node:24" is "library/node" of Docker Hub. The first part is a host if it has a dot or a port. */
export function parseImage(image: string): ImageName {
  const [first = "", ...rest] = image.split("/");
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  const [path = "", tag = "latest"] = (isHost ? rest.join("/") : image).split(":");
  if (isHost) return { registry: first, repository: path, tag };
  return { registry: DOCKER_HUB, repository: path.includes("/") ? path : `library/${path}`, tag };
}

export async function resolveDigest(image: string): Promise<string> {
  const { registry, repository, tag } = parseImage(image);
  const scheme = /^(localhost|127\.0\.0\.1)(:|$)/.test(registry) ? "http" : "https";
  const url = `${scheme}://${registry}/v2/${repository}/manifests/${tag}`;
  let response = await request(url, image);
  if (response.status === 401) response = await request(url, image, await tokenFor(response, image));
  if (!response.ok)
    throw new Error(`${image}: ${registry} answers ${response.status} for ${repository}:${tag}.`);
  const manifest = Buffer.from(await response.arrayBuffer());
  const digest = `sha256:${createHash("sha256").update(manifest).digest("hex")}`;
  const stated = response.headers.get("docker-content-digest");
  if (stated !== null && stated !== digest)
    throw new Error(`${image}: ${registry} states the digest ${stated}, but its manifest has ${digest}.`);
  return digest;
}

async function request(url: string, image: string, token?: string): Promise<Response> {
  try {
    return await fetch(url, {
      headers: { accept: MANIFESTS, ...(token && { authorization: `Bearer ${token}` }) },
    });
  } catch (error) {
    const { cause, message } = error as Error;
    throw new Error(
      `${image}: ${new URL(url).host} is not reachable: ${(cause as Error)?.message ?? message}.`,
      {
        cause: error,
      },
    );
  }
}

/** A public image needs a token too, which anyone receives. */
async function tokenFor(response: Response, image: string): Promise<string> {
  const challenge = response.headers.get("www-authenticate") ?? "";
  const field = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1];
  const realm = field("realm");
  if (!realm) throw new Error(`${image}: the registry requires a login that this script does not support.`);
  const url = new URL(realm);
  for (const name of ["service", "scope"]) {
    const value = field(name);
    if (value) url.searchParams.set(name, value);
  }
  const { token, access_token } = (await (await request(url.href, image)).json()) as Record<string, string>;
  const found = token ?? access_token;
  if (!found) throw new Error(`${image}: ${url.host} returned no token.`);
  return found;
}
