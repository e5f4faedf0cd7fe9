// A hostile page in the browser of a developer while Sluice runs. Each attack must be rejected. Most attacks have a valid
// signature, which a real attacker lacks, so that the origin and the path alone must stop them.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ListProcessingJobsCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { attack, signJob, type Attack } from "./attack.ts";
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

/** Sends a request from the hostile page. */
const send = (url: string, options: Attack = {}) => attack(page, url, options);

async function jobNames() {
  const { ProcessingJobSummaries = [] } = await new SageMakerClient({}).send(
    new ListProcessingJobsCommand({}),
  );
  return ProcessingJobSummaries.map(({ ProcessingJobName }) => ProcessingJobName);
}

describe("a page of another site cannot", () => {
  test("start a job by the path of the uploads bucket, whose CORS rule allows every origin", async () => {
    const path = `/${site.bucket}/x`;
    const { statuses } = await send(endpoint + path, await signJob(path));
    // The bucket's rules allow the preflight. The path then serves S3 only, and the request names no operation of it.
    expect(statuses).toEqual([200, 400]);
    expect(await jobNames()).not.toContain("hostile");
  });

  test("start a job at the root, because its preflight is rejected", async () => {
    const { statuses, text } = await send(`${endpoint}/`, await signJob("/"));
    expect([statuses, text]).toEqual([[403], ""]);
    expect(await jobNames()).not.toContain("hostile");
  });

  test("invoke a function by a request without a preflight", async () => {
    const path = "/2015-03-31/functions/sluice-local-Reconcile/invocations";
    const { statuses } = await send(endpoint + path, { method: "POST", mode: "no-cors", body: "{}" });
    expect(statuses).toEqual([403]);
  });

  test("send a message by a form", async () => {
    const body = `Action=SendMessage&QueueUrl=${encodeURIComponent(site.queueUrl("vehicles"))}&MessageBody=x`;
    const { statuses } = await send(site.queueUrl("vehicles"), {
      method: "POST",
      mode: "no-cors",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body,
    });
    expect(statuses).toEqual([403]);
  });

  test("list the uploads bucket", async () => {
    const { statuses, text } = await send(`${endpoint}/${site.bucket}?list-type=2`);
    expect(statuses).toEqual([403]);
    expect(text).toContain("AccessDenied");
  });

  test("use the well-known keys of other emulators", async () => {
    for (const key of ["local", "test", "testing"]) {
      const s3 = new S3Client({ credentials: { accessKeyId: key, secretAccessKey: key } });
      const command = new GetObjectCommand({ Bucket: site.bucket, Key: "any" });
      const { statuses, text } = await send(await getSignedUrl(s3, command));
      expect(statuses).toEqual([403]);
      expect(text).toContain("InvalidClientTokenId");
    }
  });

  test("write a file into the page's bucket, even with a presigned URL", async () => {
    const bucket = String(site.pageBucket);
    const command = new PutObjectCommand({ Bucket: bucket, Key: "evil.html", ContentType: "text/html" });
    const url = await getSignedUrl(new S3Client({}), command);
    const { statuses } = await send(url, { method: "PUT", body: "<script>1</script>" });
    expect(statuses).toEqual([403]);
    await expect(
      new S3Client({}).send(new HeadObjectCommand({ Bucket: bucket, Key: "evil.html" })),
    ).rejects.toThrow(/NotFound|UnknownError/);
  });

  test("post a form into the page's bucket", async () => {
    const { statuses } = await send(`${endpoint}/${site.pageBucket}`, {
      method: "POST",
      mode: "no-cors",
      headers: { "content-type": "multipart/form-data; boundary=x" },
      body: '--x\r\ncontent-disposition: form-data; name="key"\r\n\r\nevil.html\r\n--x--\r\n',
    });
    expect(statuses).toEqual([403]);
  });

  test.each([
    ["move the clock", "POST", "clock", '{"advanceMs":60000}'],
    ["set a fault", "PUT", "faults", '{"rules":[]}'],
    ["read the health", "GET", "health", undefined],
  ])("%s", async (_, method, name, body) => {
    const mode = method === "POST" ? "no-cors" : "cors";
    const { statuses, text } = await send(`${endpoint}/_cloud/${name}`, { method, body, mode });
    expect([statuses, text]).toEqual([[403], ""]);
  });

  test("read the API without a token", async () => {
    const { statuses, text } = await send(`${site.apiUrl}/models`);
    expect(statuses).toEqual([401]);
    expect(text).not.toContain("vehicles");
  });

  test("read a file of the page, show it in a frame or run its scripts", async () => {
    const { statuses } = await send(`${site.url}config.json`);
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

  test("follow live updates, or open any other socket", async () => {
    const open = (address: string) =>
      page.evaluate(
        (url) =>
          new Promise<boolean>((resolve) => {
            const socket = new WebSocket(url);
            socket.onopen = () => resolve(true);
            socket.onerror = () => resolve(false);
          }),
        address,
      );
    expect(await open(site.liveUrl)).toBe(false);
    expect(await open(`ws://127.0.0.1:${port}/_api/Http`)).toBe(false);
  });

  test("submit a form that navigates", async () => {
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

describe("a page that hides its origin is rejected", () => {
  test("in a sandboxed frame, whose origin is null", async () => {
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

  test("under a name that resolves to this machine", async () => {
    const rebound = await (await browser.newContext()).newPage();
    for (const path of ["/_cloud/health", "/_site/PageSite/", `/${site.bucket}?list-type=2`, "/"]) {
      const answer = await rebound.goto(`http://${HOSTILE}:${port}${path}`);
      expect(answer!.status()).toBe(421);
    }
    // From there every request has one origin, so only the name can stop it.
    const { statuses } = await attack(rebound, `http://${HOSTILE}:${port}/_cloud/clock`, {
      method: "POST",
      body: "{}",
    });
    expect(statuses).toEqual([421]);
  });

  test("on another port of this machine", async () => {
    for (const host of ["127.0.0.1", "localhost"]) {
      const neighbour = await openHostilePage(host);
      const url = `${endpoint}/_cloud/faults`;
      const { statuses } = await attack(neighbour, url, { method: "POST", mode: "no-cors", body: "{}" });
      expect(statuses).toEqual([403]);
    }
  });
});

describe("an uploaded file", () => {
  test("that is HTML runs no script in the page's origin when it is opened", async () => {
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

test("the page itself still works", async () => {
  const own = await site.open("#/models");
  await own.getByText("vehicles").first().waitFor();
  expect(await site.close()).toEqual([]);
});
