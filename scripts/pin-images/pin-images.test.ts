// The script against a registry on this machine, with tokens as Docker Hub has them.
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { pinDockerfiles } from "./pin.ts";
import { parseImage } from "./registry.ts";

const MANIFEST = JSON.stringify({ schemaVersion: 2, manifests: [] });
const DIGEST = `sha256:${createHash("sha256").update(MANIFEST).digest("hex")}`;

let server: Server;
let host: string;
let stated = DIGEST;
let folder: string;

beforeAll(async () => {
  server = createServer(({ url = "", headers }, response) => {
    const { pathname, searchParams } = new URL(url, "http://registry");
    if (pathname === "/token")
      return response.end(
        JSON.stringify({ token: `${searchParams.get("service")} ${searchParams.get("scope")}` }),
      );
    if (headers.authorization !== "Bearer registry repository:base/node:pull")
      return response
        .writeHead(401, {
          "www-authenticate": `Bearer realm="http://${host}/token",service="registry",scope="repository:base/node:pull"`,
        })
        .end();
    if (pathname !== "/v2/base/node/manifests/24-slim" || !headers.accept?.includes("image.index"))
      return response.writeHead(404).end();
    return response.writeHead(200, { "docker-content-digest": stated }).end(MANIFEST);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  folder = mkdtempSync(path.join(os.tmpdir(), "sluice-pin-"));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await new Promise((closed) => server.close(closed));
});
beforeEach(() => void (stated = DIGEST));

const dockerfile = (pin = "", tag = "24-slim") => `# base
FROM --platform=linux/amd64 ${host}/base/node:${tag}${pin} AS packages
RUN echo FROM nothing
FROM ${host}/base/node:${tag}${pin}
COPY --from=packages /a /b
FROM packages AS test
`;

/** What is printed, and the file afterwards. */
async function pin(text: string, write: boolean) {
  const file = path.join(folder, "Dockerfile");
  writeFileSync(file, text);
  const output = await Array.fromAsync(pinDockerfiles([file], write))
    .then((lines) => lines.join("\n"))
    .catch((error: Error) => `failed: ${error.message}`);
  return { output, text: readFileSync(file, "utf8") };
}

it("prints what it would pin, and writes nothing", async () => {
  const { output, text } = await pin(dockerfile(), false);
  expect(output).toContain(`${host}/base/node:24-slim@${DIGEST}`);
  expect(output).toContain("Would pin");
  expect(text).toBe(dockerfile());
});

it("pins every base image when it writes, again after the tag has moved, and no stage", async () => {
  const pinned = dockerfile(`@${DIGEST}`);
  expect((await pin(dockerfile(), true)).text).toBe(pinned);
  expect((await pin(dockerfile(`@sha256:${"0".repeat(64)}`), true)).text).toBe(pinned);
  expect((await pin(pinned, true)).output).toContain("is pinned to its current digest");
});

describe("changes no file", () => {
  it("when the tag does not exist", async () => {
    const { output, text } = await pin(dockerfile("", "25"), true);
    expect(text).toBe(dockerfile("", "25"));
    expect(output).toMatch(/^failed: .*answers 404 for base\/node:25/);
  });

  it("when the registry states another digest than its manifest has", async () => {
    stated = `sha256:${"1".repeat(64)}`;
    const { output, text } = await pin(dockerfile(), true);
    expect(text).toBe(dockerfile());
    expect(output).toContain("states the digest");
  });

  it("when the registry is not reachable", async () => {
    const { output } = await pin("FROM 127.0.0.1:9/base/node:24\n", true);
    expect(output).toContain("127.0.0.1:9 is not reachable");
  });
});

it("finds the registry of a short name", () => {
  expect(parseImage("node:24-slim")).toEqual({
    registry: "registry-1.docker.io",
    repository: "library/node",
    tag: "24-slim",
  });
  expect(parseImage("localhost:5000/a/b")).toEqual({
    registry: "localhost:5000",
    repository: "a/b",
    tag: "latest",
  });
});
