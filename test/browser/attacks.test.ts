// A hostile page in the browser of a developer while Sluice runs. Each attack must be rejected. Most attacks have a valid
// signature, which a real attacker does not have, so that only the origin and the path can stop them.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  CreateProcessingJobCommand,
  ListProcessingJobsCommand,
  SageMakerClient,
  type CreateProcessingJobCommandInput,
} from "@aws-sdk/client-sagemaker";
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browserPath, openSite, type Site } from "./site.ts";

const HOSTILE = "hostile.test";

let site: Site;
let server: Server;
let browser: Browser;
let page: Page;
let endpoint: string;
let port: string;

beforeAll(async () => {
  site = await openSite();
  endpoint = process.env["AWS_ENDPOINT_URL"]!;
  port = new URL(endpoint).port;
  server = createServer((_, response) =>
    response.writeHead(200, { "content-type": "text/html" }).end("<title>Win a prize</title>"),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  browser = await chromium.launch({
    executablePath: browserPath(),
    args: ["--no-sandbox", `--host-resolver-rules=MAP ${HOSTILE} 127.0.0.1`],
  });
  page = await openHostilePage();
});
afterAll(async () => {
  await browser?.close();
  server?.close();
  await site?.dispose();
});

async function openHostilePage(host = HOSTILE): Promise<Page> {
  const opened = await (await browser.newContext()).newPage();
  await opened.goto(`http://${host}:${(server.address() as AddressInfo).port}/`);
  return opened;
}

interface Attack {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  /** "no-cors" sends requests without preflight. The page cannot read the response then, but this test can. */
  mode?: "cors" | "no-cors";
}

/** The result of a page's request: every status on the network, including preflights, and the text that the page could read. */
async function attack(url: string, options: Attack = {}, from = page) {
  const sent = new Set<string>();
  const statuses = new Map<string, number>();
  const network = await from.context().newCDPSession(from);
  network.on("Network.requestWillBeSent", ({ requestId, request }) => {
    if (request.url === url) sent.add(requestId);
  });
  network.on("Network.responseReceivedExtraInfo", ({ requestId, statusCode }) =>
    statuses.set(requestId, statusCode),
  );
  await network.send("Network.enable");
  const text = await from.evaluate(
    async ([target, init]) => {
      try {
        const answer = await fetch(target, init);
        return answer.type === "opaque" ? "" : await answer.text();
      } catch {
        return "";
      }
    },
    [url, options] as const,
  );
  await network.detach();
  return { statuses: [...statuses].flatMap(([id, status]) => (sent.has(id) ? [status] : [])), text };
}

const HOSTILE_JOB: CreateProcessingJobCommandInput = {
  ProcessingJobName: "hostile",
  RoleArn: "arn:aws:iam::000000000000:role/any",
  AppSpecification: { ImageUri: "any", ContainerEntrypoint: ["evaluate"] },
  ProcessingResources: {
    ClusterConfig: { InstanceType: "ml.m5.large", InstanceCount: 1, VolumeSizeInGB: 10 },
  },
  Environment: { NODE_OPTIONS: "--import=data:text/javascript,process.exit()" },
};

/** A request for a hostile job, signed with the root key for `path`, but not sent. */
async function signJob(path: string): Promise<Attack> {
  let signed: Attack | undefined;
  const client = new SageMakerClient({
    requestHandler: {
      handle: ({ headers: { host: _, "content-length": __, ...headers }, body }: any) => {
        signed = { method: "POST", headers, body };
        return Promise.reject(new Error("Signed, not sent."));
      },
    },
    maxAttempts: 1,
  });
  client.middlewareStack.add(
    (next) => (args: any) => {
      args.request.path = path;
      return next(args);
    },
    { step: "build" },
  );
  await client.send(new CreateProcessingJobCommand(HOSTILE_JOB)).catch(() => {});
  return signed!;
}

async function jobNames() {
  const { ProcessingJobSummaries = [] } = await new SageMakerClient({}).send(
    new ListProcessingJobsCommand({}),
  );
  return ProcessingJobSummaries.map(({ ProcessingJobName }) => ProcessingJobName);
}

describe("a page of another site", () => {
  test("cannot start a job through the path of the uploads bucket, whose CORS rule allows every origin", async () => {
    const path = `/${site.bucket}/x`;
    const { statuses } = await attack(endpoint + path, await signJob(path));
    // The bucket's rules allow the preflight. The path then serves S3 only, and the request names no operation of it.
    expect(statuses).toEqual([200, 400]);
    expect(await jobNames()).not.toContain("hostile");
  });

  test("cannot start a job at the root, because the preflight is rejected", async () => {
    const { statuses, text } = await attack(`${endpoint}/`, await signJob("/"));
    expect([statuses, text]).toEqual([[403], ""]);
    expect(await jobNames()).not.toContain("hostile");
  });

  test("cannot invoke a function with a request without preflight", async () => {
    const path = "/2015-03-31/functions/sluice-local-Reconcile/invocations";
    const { statuses } = await attack(endpoint + path, { method: "POST", mode: "no-cors", body: "{}" });
    expect(statuses).toEqual([403]);
  });

  test("cannot send a message with a form", async () => {
    const body = `Action=SendMessage&QueueUrl=${encodeURIComponent(site.queueUrl("vehicles"))}&MessageBody=x`;
    const { statuses } = await attack(site.queueUrl("vehicles"), {
      method: "POST",
      mode: "no-cors",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body,
    });
    expect(statuses).toEqual([403]);
  });

  test("cannot list the uploads bucket", async () => {
    const { statuses, text } = await attack(`${endpoint}/${site.bucket}?list-type=2`);
    expect(statuses).toEqual([403]);
    expect(text).toContain("AccessDenied");
  });

  test("cannot sign with the known keys of other emulators", async () => {
    for (const key of ["local", "test", "testing"]) {
      const s3 = new S3Client({ credentials: { accessKeyId: key, secretAccessKey: key } });
      const command = new GetObjectCommand({ Bucket: site.bucket, Key: "any" });
      const { statuses, text } = await attack(await getSignedUrl(s3, command));
      expect(statuses).toEqual([403]);
      expect(text).toContain("InvalidClientTokenId");
    }
  });

  test("cannot write a file into the page's bucket, even with a presigned URL", async () => {
    const bucket = String(site.pageBucket);
    const command = new PutObjectCommand({ Bucket: bucket, Key: "evil.html", ContentType: "text/html" });
    const url = await getSignedUrl(new S3Client({}), command);
    const { statuses } = await attack(url, { method: "PUT", body: "<script>1</script>" });
    expect(statuses).toEqual([403]);
    await expect(
      new S3Client({}).send(new HeadObjectCommand({ Bucket: bucket, Key: "evil.html" })),
    ).rejects.toThrow(/NotFound|UnknownError/);
  });

  test("cannot post a form to the page's bucket", async () => {
    const { statuses } = await attack(`${endpoint}/${site.pageBucket}`, {
      method: "POST",
      mode: "no-cors",
      headers: { "content-type": "multipart/form-data; boundary=x" },
      body: '--x\r\ncontent-disposition: form-data; name="key"\r\n\r\nevil.html\r\n--x--\r\n',
    });
    expect(statuses).toEqual([403]);
  });

  test.each([
    ["move the clock", "POST", "clock", '{"advanceMs":60000}'],
    ["set fault rules", "PUT", "faults", '{"rules":[]}'],
    ["read the health", "GET", "health", undefined],
  ])("%s", async (_, method, name, body) => {
    const mode = method === "POST" ? "no-cors" : "cors";
    const { statuses, text } = await attack(`${endpoint}/_cloud/${name}`, { method, body, mode });
    expect([statuses, text]).toEqual([[403], ""]);
  });

  test("cannot read the API without a token", async () => {
    const { statuses, text } = await attack(`${site.apiUrl}/models`);
    expect(statuses).toEqual([401]);
    expect(text).not.toContain("vehicles");
  });

  test("cannot follow live updates", async () => {
    const { statuses } = await attack(`${site.liveUrl}/live`);
    expect(statuses).toEqual([403]);
  });

  test("cannot read the page's files, show the page in a frame or run its scripts", async () => {
    const { statuses } = await attack(`${site.url}config.json`);
    expect(statuses).toEqual([403]);
    const framed = await page.evaluate(
      (url) =>
        new Promise<number>((resolve) => {
          const frame = document.createElement("iframe");
          frame.src = url;
          frame.onload = () => resolve(frame.contentWindow!.length);
          document.body.append(frame);
        }),
      site.url,
    );
    expect(framed).toBe(0);
    const loaded = await page.evaluate(
      (url) =>
        new Promise<boolean>((resolve) => {
          const script = document.createElement("script");
          script.onload = () => resolve(true);
          script.onerror = () => resolve(false);
          script.src = url;
          document.body.append(script);
        }),
      `${site.url}index.html`,
    );
    expect(loaded).toBe(false);
  });

  test("cannot open a WebSocket", async () => {
    const opened = await page.evaluate(
      (url) =>
        new Promise<boolean>((resolve) => {
          const socket = new WebSocket(url);
          socket.onopen = () => resolve(true);
          socket.onerror = () => resolve(false);
        }),
      `ws://127.0.0.1:${port}/_url/Live`,
    );
    expect(opened).toBe(false);
  });

  test("cannot submit a form that navigates", async () => {
    const other = await openHostilePage();
    const answer = other.waitForResponse(`${endpoint}/_cloud/clock`);
    await other.evaluate((url) => {
      const form = document.createElement("form");
      Object.assign(form, { method: "POST", enctype: "text/plain", action: url });
      form.innerHTML = `<input name='{"advanceMs":1000,"x":"' value='"}'>`;
      document.body.append(form);
      form.submit();
    }, `${endpoint}/_cloud/clock`);
    expect((await answer).status()).toBe(403);
  });
});

describe("a page with another origin", () => {
  test("in a sandboxed frame, whose origin is null, is rejected", async () => {
    const frame = await page.evaluateHandle(() => {
      const made = document.createElement("iframe");
      made.setAttribute("sandbox", "allow-scripts");
      made.srcdoc = "<p>";
      document.body.append(made);
      return made;
    });
    const inner = (await frame.asElement()!.contentFrame())!;
    const answer = page.waitForResponse(`${endpoint}/_cloud/clock`);
    await inner.evaluate(
      (url) => void fetch(url, { method: "POST", mode: "no-cors", body: "{}" }).catch(() => {}),
      `${endpoint}/_cloud/clock`,
    );
    expect((await answer).status()).toBe(403);
  });

  test("with a host name that was rebound to this machine is rejected", async () => {
    const rebound = await (await browser.newContext()).newPage();
    for (const path of ["/_cloud/health", "/_site/PageSite/", `/${site.bucket}?list-type=2`, "/"]) {
      const answer = await rebound.goto(`http://${HOSTILE}:${port}${path}`);
      expect(answer!.status()).toBe(421);
    }
    // All requests of this page have one origin, so only the host name can stop them.
    const { statuses } = await attack(
      `http://${HOSTILE}:${port}/_cloud/clock`,
      { method: "POST", body: "{}" },
      rebound,
    );
    expect(statuses).toEqual([421]);
  });

  test("on another port of this machine is rejected", async () => {
    for (const host of ["127.0.0.1", "localhost"]) {
      const neighbour = await openHostilePage(host);
      const url = `${endpoint}/_cloud/faults`;
      const { statuses } = await attack(url, { method: "POST", mode: "no-cors", body: "{}" }, neighbour);
      expect(statuses).toEqual([403]);
    }
  });
});

describe("an uploaded file", () => {
  test("that is HTML cannot run scripts in the page's origin", async () => {
    const key = "uploads/vehicles/evil.html";
    const html = `<title>quiet</title><script>document.title = "ran in " + origin; sessionStorage.x = 1</script>`;
    await site.upload(key, html, { ContentType: "text/html" });
    const url = await getSignedUrl(new S3Client({}), new GetObjectCommand({ Bucket: site.bucket, Key: key }));
    const opened = await (await browser.newContext()).newPage();
    const answer = await opened.goto(url);
    expect(answer!.status()).toBe(200);
    expect(await opened.title()).toBe("quiet");
  });
});

test("the page itself and an upload with a browser's form still work", async () => {
  const own = await site.open("#/models");
  await own.getByText("vehicles").first().waitFor();
  expect(await site.close()).toEqual([]);
});
