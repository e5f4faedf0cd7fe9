// Viewers of live updates, all at once: the time from a change to each of them and to a real page, and the memory that
// they cost the cloud and its functions.
import { setTimeout as wait } from "node:timers/promises";
import type { Page } from "playwright-core";
import { openSite } from "../test/browser/site.ts";
import { changePrediction, follow } from "../test/support/live-client.ts";
import type { Report, Row } from "./run/measurement.ts";
import { memoryOf, requireLinux } from "./support/memory.ts";
import { percent, quantile } from "./support/table.ts";

const CHANGES = 30;
const WARM_CHANGES = 10;
const BETWEEN_MS = 1_000;
const GOAL_SECONDS = 1;
const GOAL_MB = 50;
/** So many at once that each function has all its workers before the viewers come. */
const WARM_CONNECTING = 8;
const CONNECTING = 2;

/** `size`: viewers. */
export async function run(size: number, report: Report) {
  requireLinux();
  const site = await openSite();
  const viewers: ReturnType<typeof follow>[] = [];
  try {
    const changedAt = new Map<string, number>();
    const waits: number[] = [];
    const token = await site.bearer();
    const connect = async (count: number) => {
      for (let index = 0; index < count; index++) {
        const viewer = follow(site, token, {
          onPrediction: ({ id }) => waits.push((Date.now() - (changedAt.get(id) ?? NaN)) / 1_000),
        });
        viewers.push(viewer);
        await viewer.live();
      }
    };
    const connectAll = (count: number, atOnce: number) =>
      Promise.all(
        Array.from({ length: atOnce }, (_, index) => connect(Math.floor((count + index) / atOnce))),
      );
    const change = async (name: string, count: number) => {
      for (let index = 0; index < count; index++) {
        const id = `${name}-${index}`;
        changedAt.set(id, Date.now());
        await Promise.all([changePrediction(id), wait(BETWEEN_MS)]);
      }
      for (const viewer of viewers) await viewer.received(`${name}-${count - 1}`);
    };

    const page = await openPage(() => site.open("#/?model=vehicles"));
    // As many viewers come and leave before, so that no garbage of the first calls is counted.
    await connectAll(size, WARM_CONNECTING);
    await change("warm", WARM_CHANGES);
    for (const viewer of viewers.splice(0)) await viewer.stop();
    // The records of these connections are deleted with the next change.
    await change("none", 1);
    const before = memoryOf(site.dir);
    await connectAll(size, CONNECTING);
    waits.length = 0;
    await change("seen", CHANGES);
    const after = memoryOf(site.dir);
    const shown = await rowTimes(page);
    report({
      title: `${viewers.length} viewers, one change a second: seconds from the change`,
      rows: [
        row(`until a viewer received it, of ${viewers.length}`, waits),
        row(
          "until its row is on a real page, besides",
          [...changedAt].flatMap(([id, at]) => (id.startsWith("seen") ? [(shown[id]! - at) / 1_000] : [])),
        ),
      ],
    });
    report({
      title: `Memory that ${viewers.length} viewers added, in MB`,
      rows: [
        memoryRow("the cloud", before.cloud, after.cloud),
        memoryRow(`its ${after.workers} workers for live updates`, before.functions, after.functions),
        memoryRow("all", before.cloud + before.functions, after.cloud + after.functions),
      ],
    });
    checkOnce(viewers);
  } finally {
    await Promise.all(viewers.map((viewer) => viewer.stop()));
    await site.dispose();
  }
}

const row = (what: string, seconds: number[]): Row => ({
  what,
  p50: quantile(seconds, 0.5),
  p95: quantile(seconds, 0.95),
  most: Math.max(...seconds),
  goal: `${GOAL_SECONDS} s`,
  ratio: percent(quantile(seconds, 0.5), GOAL_SECONDS),
});

const memoryRow = (what: string, before: number, after: number): Row => ({
  what,
  before,
  added: after - before,
  goal: `${GOAL_MB} MB`,
  ratio: percent(after - before, GOAL_MB),
});

type WatchedPage = { rowTimes: Record<string, number> };

/** Records when each row appears. */
async function openPage(open: () => Promise<Page>): Promise<Page> {
  const page = await open();
  await page.getByText("Live", { exact: true }).waitFor();
  await page.evaluate(() => {
    const times: Record<string, number> = ((window as unknown as WatchedPage).rowTimes = {});
    new MutationObserver(() => {
      for (const line of document.querySelectorAll(".table .rows .line")) {
        const id = /((?:warm|seen)-\d+)\.jpg/.exec(line.textContent)?.[1];
        if (id) times[id] ??= Date.now();
      }
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
  });
  return page;
}

async function rowTimes(page: Page): Promise<Record<string, number>> {
  await page.locator(".table .rows .line", { hasText: `seen-${CHANGES - 1}.jpg` }).waitFor();
  return page.evaluate(() => (window as unknown as WatchedPage).rowTimes);
}

/** Throws when a viewer did not receive each change exactly once. */
function checkOnce(viewers: ReturnType<typeof follow>[]): void {
  for (const { predictions } of viewers) {
    const seen = predictions.map(({ id }) => id).filter((id) => id.startsWith("seen"));
    if (seen.length !== CHANGES || new Set(seen).size !== CHANGES)
      throw new Error(`A viewer received ${seen.length} times ${new Set(seen).size} of ${CHANGES} changes.`);
  }
}
