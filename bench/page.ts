// How long a person waits for the page and for the result of a dropped file, how smoothly a long list scrolls, and the
// size of the page's files.
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
import type { Report, Row } from "./run/measurement.ts";
import { percent, quantile } from "./support/table.ts";

const ROWS_PER_DROP = 500;
const GOAL_KB = 200;
/** For all rows of the list, which loads a hundred at a time. */
const LOAD_LIMIT_MS = 120_000;

/** `size`: files dropped. */
export async function run(size: number, report: Report) {
  const rows = await startUsable();
  const site = await openSite();
  try {
    await site.deploy("vehicles");
    const page = await site.open("#/?model=vehicles");
    rows.push({
      what: `a file dropped until its result is seen, of ${size}`,
      ...seconds(await dropped(page, size)),
    });
    const count = size * ROWS_PER_DROP;
    await seedPredictions(count);
    rows.push({
      what: `a frame while ${count.toLocaleString("en")} rows scroll by`,
      ...seconds(await frames(await site.open("#/?model=cats"))),
    });
    report({ title: "The page, in seconds", rows });
    if (site.problems.length > 0) throw new Error(`The page logged errors: ${site.problems.join("; ")}`);
  } finally {
    await site.dispose();
  }
  const files = siteFiles(await buildPage()).map(
    ({ file }) => gzipSync(readFileSync(file)).byteLength / 1_000,
  );
  const kilobytes = files.reduce((sum, file) => sum + file, 0);
  report({
    title: "The page's files, gzipped",
    rows: [{ files: files.length, KB: kilobytes, goal: `${GOAL_KB} KB`, ratio: percent(kilobytes, GOAL_KB) }],
  });
}

const seconds = (all: number[]) => ({
  p50: quantile(all, 0.5),
  p95: quantile(all, 0.95),
  most: Math.max(...all),
});

async function startUsable(): Promise<Row[]> {
  const dir = mkdtempSync(path.join(tmpdir(), "sluice-page-"));
  try {
    return [
      { what: "npm start until the page is usable, first", ...seconds([await usableSeconds(dir)]) },
      { what: "the same, again", ...seconds([await usableSeconds(dir)]) },
    ];
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Until the models are shown that files can be dropped on. */
async function usableSeconds(dir: string): Promise<number> {
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
    throw new Error("sluice start ended before it published the page. Run `npm start` to see why.");
  } finally {
    child.kill("SIGTERM");
    await gone;
    await browser.close();
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
  const loaded = page.locator(".under", { hasText: "in total" });
  const deadline = performance.now() + LOAD_LIMIT_MS;
  while (!(await loaded.isVisible())) {
    if (performance.now() > deadline) throw new Error("The list did not load all its rows.");
    await list.evaluate((box) => box.scrollTo(0, box.scrollHeight));
  }
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
