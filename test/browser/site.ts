// A Sluice in its own process, with its page published, and a browser.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { buildPage, publishPage } from "@sluice/cli/start/page.ts";
import type { LocalState } from "@sluice/cli/target/local-state.ts";
import { chromium, type BrowserContextOptions, type Page } from "playwright-core";
import { operate } from "../support/operator.ts";
import { startStandalone, type Standalone } from "../support/standalone.ts";

const BROWSERS = [
  process.env["CHROMIUM"],
  "/usr/bin/chromium",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

export function browserPath(): string {
  const found = BROWSERS.find((file) => file && existsSync(file));
  if (found) return found;
  throw new Error(
    "Chromium was not found. Install it (apt-get install chromium), or set CHROMIUM=/path/to/chromium.",
  );
}

/** Console errors of a page whose cloud has stopped or whose token is wrong. */
const EXPECTED =
  /ERR_CONNECTION_REFUSED|ERR_INTERNET_DISCONNECTED|ERR_INCOMPLETE_CHUNKED|ERR_EMPTY_RESPONSE|status of 4\d\d|ERR_NETWORK_CHANGED|ERR_CONNECTION_RESET/;

export async function openSite() {
  const dir = mkdtempSync(path.join(tmpdir(), "sluice-site-"));
  let cloud: Standalone = await startStandalone(dir);
  const stage = operate(cloud.place);
  const folder = await buildPage();
  const { Api, LiveUpdates, Page: site } = cloud.place.links as Record<string, Record<string, string>>;
  const state = {
    api: Api!["url"],
    live: LiveUpdates!["url"],
    page: { url: `http://${site!["domain"]}/`, bucket: site!["bucket"] },
  } as LocalState;
  await publishPage(folder, state);
  const browser = await chromium.launch({ executablePath: browserPath(), args: ["--no-sandbox"] });
  const problems: string[] = [];

  return {
    ...stage,
    /** The cloud's state folder. */
    dir,
    url: state.page.url,
    pageBucket: state.page.bucket,
    /** Script errors and violations of the content security policy. */
    problems,
    /** A new tab, signed in by default. */
    async open(hash = "#/", options: BrowserContextOptions & { token?: string | null } = {}): Promise<Page> {
      const { token = await stage.bearer(), ...more } = options;
      const context = await browser.newContext({ viewport: { width: 1_280, height: 800 }, ...more });
      const page = await context.newPage();
      page.setDefaultTimeout(30_000);
      page.on("pageerror", (error) => problems.push(String(error)));
      page.on("console", (message) => {
        if (message.type() === "error" && !EXPECTED.test(message.text())) problems.push(message.text());
      });
      if (token !== null)
        await page.addInitScript((value) => sessionStorage.setItem("sluice.token", value), token);
      await page.goto(state.page.url + hash);
      return page;
    },
    /** Closes all tabs and returns their errors. */
    async close() {
      await Promise.all(browser.contexts().map((context) => context.close()));
      return problems;
    },
    stop: () => cloud.stop(),
    /** Starts again with the same port and state. */
    async start() {
      cloud = await startStandalone(dir, cloud.port);
    },
    async dispose() {
      await browser.close();
      await cloud.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

export type Site = Awaited<ReturnType<typeof openSite>>;
