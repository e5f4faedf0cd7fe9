import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterEach, expect, test } from "vitest";
import { testCloud, type TestCloud } from "../../kernel/testing-cloud.ts";
import { s3 } from "../s3/plugin.ts";
import { cloudfront } from "./plugin.ts";

let cloud: TestCloud | undefined;
afterEach(async () => {
  await cloud?.dispose();
  cloud = undefined;
});

async function site(behavior: object = {}) {
  cloud = await testCloud({
    plugins: [s3, cloudfront],
    graph: {
      resources: [
        { name: "Files", type: "aws:s3/bucket:Bucket", inputs: { bucket: "files" } },
        {
          name: "Headers",
          type: "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
          inputs: {
            securityHeadersConfig: {
              contentSecurityPolicy: { contentSecurityPolicy: "default-src 'none'" },
              contentTypeOptions: { override: true },
              frameOptions: { frameOption: "DENY" },
            },
            customHeadersConfig: { items: [{ header: "x-own", value: "yes" }] },
          },
        },
        {
          name: "Site",
          type: "aws:cloudfront/distribution:Distribution",
          inputs: {
            defaultRootObject: "index.html",
            origins: [{ originId: "files", domainName: "${Files.bucketRegionalDomainName}" }],
            defaultCacheBehavior: {
              targetOriginId: "files",
              responseHeadersPolicyId: "${Headers.id}",
              ...behavior,
            },
          },
        },
      ],
    },
  });
  const client = new S3Client({ ...cloud.client, forcePathStyle: true });
  const put = (Key: string, Body: string, ContentType: string) =>
    client.send(new PutObjectCommand({ Bucket: "files", Key, Body, ContentType, CacheControl: "no-cache" }));
  const domain = cloud.kernel.graph.find("Site")!.attributes.domainName!;
  return { put, ask: (path: string, init?: RequestInit) => fetch(`http://${domain}${path}`, init) };
}

test("a distribution serves its bucket's files with type, caching and the policy's headers", async () => {
  const { put, ask } = await site();
  await put("index.html", "<p>", "text/html");
  await put("assets/a b.js", "1", "text/javascript");
  const page = await ask("/");
  expect(await page.text()).toBe("<p>");
  expect(Object.fromEntries(page.headers)).toMatchObject({
    "content-type": "text/html",
    "cache-control": "no-cache",
    "content-security-policy": "default-src 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-own": "yes",
  });
  expect(await (await ask("/assets/a%20b.js?v=1")).text()).toBe("1");
  const head = await ask("/index.html", { method: "HEAD" });
  expect([head.status, head.headers.get("content-length")]).toEqual([200, "3"]);
});

test("an unchanged file is a 304", async () => {
  const { put, ask } = await site();
  await put("index.html", "<p>", "text/html");
  const etag = (await ask("/")).headers.get("etag")!;
  expect((await ask("/", { headers: { "if-none-match": etag } })).status).toBe(304);
});

test("missing files, other methods, a missing slash and unknown distributions have their own status", async () => {
  const { ask } = await site();
  expect((await ask("/nothing.js")).status).toBe(404);
  expect((await ask("/..%2f..%2fetc/passwd")).status).toBe(404);
  expect((await ask("/%zz")).status).toBe(404);
  expect((await ask("/", { method: "POST", body: "x" })).status).toBe(403);
  const moved = await ask("", { redirect: "manual" });
  expect([moved.status, moved.headers.get("location")]).toEqual([301, "/_site/Site/"]);
  const other = await fetch(`${cloud!.endpoint}/_site/Other/`);
  expect([other.status, await other.text()]).toEqual([
    404,
    'No distribution "Other" here. There are: Site.\n',
  ]);
});

test("unsupported features of a distribution fail the start by name", async () => {
  await expect(site({ functionAssociations: [{ eventType: "viewer-request" }] })).rejects.toThrow(
    /Site has functions at the edge/,
  );
});
