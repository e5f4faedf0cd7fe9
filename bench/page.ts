// What a person waits for: the page after `npm start`, and a result after a file was dropped. And how smoothly a long
// list scrolls, and how much is sent.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { gzipSync } from "node:zlib";
import { buildPage } from "@sluice/cli/start/page.ts";
import { siteFiles } from "@sluice/web/site/files.ts";
import { chromium, type Page } from "playwright-core";
import { seedPredictions } from "../test/browser/records.ts";
import { browserPath, openSite } from "../test/browser/site.ts";
import { root, sampleOf } from "../test/support/sample.ts";
import { quantile, table, type Row } from "./support/table.ts";

const DROPS = 20;
const ROWS = 10_000;
const GOAL_KB = 200;

export async function run(command: string, drops = DROPS) {
  const rows: Row[] = [
    { what: "npm start to a page one can use, first", ...seconds([await usable("first")]) },
    { what: "the same, again", ...seconds([await usable("again")]) },
  ];
  const site = await openSite();
  try {
    await site.deploy("vehicles");
    const page = await site.open("#/?model=vehicles");
    rows.push({
      what: `a file dropped to its result seen, of ${drops}`,
      ...seconds(await dropped(page, drops)),
    });
    await seedPredictions(ROWS);
    rows.push({
      what: `a frame while ${ROWS} rows scroll by`,
      ...seconds(await frames(await site.open("#/?model=cats"))),
    });
  } finally {
    await site.dispose();
  }
  table("The page, in seconds", rows, command);
  const files = siteFiles(await buildPage()).map(
    ({ file }) => gzipSync(readFileSync(file)).byteLength / 1_000,
  );
  const kilobytes = files.reduce((sum, size) => sum + size, 0);
  table(
    "The page's files, gzipped",
    [
      {
        files: files.length,
        KB: kilobytes,
        goal: `${GOAL_KB} KB`,
        ratio: `${((100 * kilobytes) / GOAL_KB).toFixed(0)} %`,
      },
    ],
    command,
  );
}

const seconds = (all: number[]) => ({
  p50: quantile(all, 0.5),
  p95: quantile(all, 0.95),
  most: Math.max(...all),
});

const dir = mkdtempSync(path.join(tmpdir(), "sluice-page-"));

/** Until the models stand there to drop files on. */
async function usable(turn: "first" | "again"): Promise<number> {
  const browser = await chromium.launch({ executablePath: browserPath(), args: ["--no-sandbox"] });
  const page = await browser.newPage();
  const began = performance.now();
  const child = spawn(
    process.execPath,
    [path.join(root, "packages/cli/src/main.ts"), "start", "--port", "0", "--dir", dir, "--no-samples"],
    { cwd: root, stdio: ["ignore", "ignore", "pipe"] },
  );
  const gone = once(child, "exit");
  try {
    for await (const line of createInterface({ input: child.stderr })) {
      const address = /the page is at (\S+)/.exec(line)?.[1];
      if (!address) continue;
      await page.goto(address);
      await page.locator(".tile").first().waitFor();
      return (performance.now() - began) / 1_000;
    }
    throw new Error("It ended before there was a page; `npm start` says why.");
  } finally {
    child.kill("SIGTERM");
    await gone;
    await browser.close();
    if (turn === "again") rmSync(dir, { recursive: true, force: true });
  }
}

async function dropped(page: Page, drops: number): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < drops; index++) {
    const { bytes, contentType } = await sampleOf("vehicles", index);
    const name = `drop-${index}.jpg`;
    const began = performance.now();
    await page
      .getByLabel("Files for vehicles")
      .setInputFiles({ name, mimeType: contentType, buffer: Buffer.from(bytes) });
    await page
      .locator(".table .rows .line", { hasText: name })
      .filter({ hasText: /completed|rejected/ })
      .waitFor();
    times.push((performance.now() - began) / 1_000);
  }
  return times;
}

/** Loads all, then scrolls through them a screen at a time. */
async function frames(page: Page): Promise<number[]> {
  const list = page.locator(".table .virtual");
  await list.waitFor();
  for (let under = ""; !under.includes("in all"); under = (await page.locator(".under").textContent()) ?? "")
    await list.evaluate((box) => box.scrollTo(0, box.scrollHeight));
  return list.evaluate(async (box) => {
    const times: number[] = [];
    let last = performance.now();
    box.scrollTo(0, 0);
    while (box.scrollTop + box.clientHeight < box.scrollHeight - 1) {
      box.scrollBy(0, box.clientHeight);
      await new Promise(requestAnimationFrame);
      times.push((performance.now() - last) / 1_000);
      last = performance.now();
    }
    return times;
  });
}
