// Ten thousand rows, keyboard navigation, window widths, and a cloud that restarts.
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { publish } from "@sluice/core/event/publish.ts";
import { endOf } from "../support/live-client.ts";
import { seedPredictions } from "./records.ts";
import { openSite, type Site } from "./site.ts";

const MANY = 10_000;

let site: Site;
beforeAll(async () => {
  site = await openSite();
  await seedPredictions(MANY);
});
afterAll(() => site.dispose());
afterEach(async () => expect(await site.close()).toEqual([]));

test("ten thousand predictions scroll with only the visible rows in the document", async () => {
  const page = await site.open("#/?model=cats");
  const rows = page.locator(".table .rows .line");
  await rows.first().waitFor();
  let most = 0;
  const toTheEnd = async () => {
    await page.locator(".table .virtual").evaluate((box) => box.scrollTo(0, box.scrollHeight));
    most = Math.max(most, await rows.count());
    return page.locator(".under").textContent();
  };
  await expect.poll(toTheEnd, { timeout: 60_000 }).toBe("10,000 in total");
  await rows.filter({ hasText: `garden-${MANY - 1}.jpg` }).waitFor();
  expect(most).toBeLessThan(60);

  // Opening a row and going back restores the scroll position.
  await page.locator(".table .virtual").evaluate((box) => box.scrollTo(0, 44 * 5_000));
  await rows.filter({ hasText: "garden-5003.jpg" }).locator("a.open").click();
  await page.getByRole("heading", { name: "garden-5003.jpg" }).waitFor();
  await page.getByText("IMAGE_TRUNCATED").first().waitFor();
  await page.goBack();
  await rows.filter({ hasText: "garden-5003.jpg" }).waitFor();
});

test("new rows do not move the visible rows", async () => {
  const page = await site.open("#/?model=cats");
  const rows = page.locator(".table .rows .line");
  await rows.first().waitFor();
  await page.getByText("Live", { exact: true }).waitFor();
  await page.locator(".table .virtual").evaluate((box) => box.scrollTo(0, 44 * 50));
  const place = () =>
    rows.filter({ hasText: "garden-55.jpg" }).evaluate((row) => Math.round(row.getBoundingClientRect().top));
  await rows.filter({ hasText: "garden-55.jpg" }).waitFor();
  const before = await place();
  const { db } = await import("@sluice/core/db.ts");
  const at = new Date(Date.now() + 60_000).toISOString();
  const newest = await db().entities.prediction.get({ id: "prd_garden0" }).go();
  await db()
    .entities.prediction.put({
      ...newest.data!,
      id: "prd_new",
      createdAt: at,
      changedAt: new Date().toISOString(),
    })
    .go();
  await publish([endOf("prd_new", "cats")]);
  await expect.poll(() => page.locator(".under").textContent()).toMatch(/^201 loaded/);
  expect(await place()).toBe(before);
});

test("all rows are reachable with the keyboard, with a visible focus", async () => {
  const page = await site.open("#/?model=cats");
  await page.locator(".table .rows .line").first().waitFor();
  const focused = () => page.evaluate(() => document.activeElement?.textContent);
  const seen = new Set<string | null | undefined>();
  while (!(await focused())?.startsWith("garden-")) {
    await page.keyboard.press("Tab");
    seen.add(await focused());
    expect(seen.size).toBeLessThan(60);
  }
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("j");
  await page.keyboard.press("ArrowUp");
  const row = () => page.evaluate(() => document.activeElement!.closest("[role=row]")?.ariaRowIndex);
  expect(await row()).toBe("2");
  const name = (await focused())!;
  const outline = await page.evaluate(
    () => getComputedStyle(document.activeElement!, "::after").outlineStyle,
  );
  expect(outline).toBe("solid");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name }).waitFor();
  await page.goBack();
  await page.locator(".table .rows .line").first().waitFor();
});

test("a new view starts at its top, and going back restores the scroll position", async () => {
  const page = await site.open("#/model/cats", { viewport: { width: 1_280, height: 400 } });
  await page.getByText("Assumptions and formulas").waitFor();
  const main = page.locator("main");
  await main.evaluate((box) => box.scrollTo(0, 300));
  await expect.poll(() => page.evaluate(() => (history.state as { top: number } | null)?.top)).toBe(300);
  await page.getByRole("link", { name: "Events", exact: true }).first().click();
  await page.getByRole("heading", { name: "Events" }).waitFor();
  expect(await main.evaluate((box) => box.scrollTop)).toBe(0);
  await page.goBack();
  await expect.poll(() => main.evaluate((box) => box.scrollTop)).toBe(300);
});

test.each([380, 768, 2_560])("a window of %i pixels does not scroll sideways", async (width) => {
  const page = await site.open("#/?model=cats", { viewport: { width, height: 900 } });
  await page.locator(".table .rows .line").first().waitFor();
  await page.locator(".confidence-cell").getByText("37.0 %").first().waitFor();
  for (const hash of [
    "#/",
    "#/?model=cats",
    "#/review",
    "#/review?model=cats",
    "#/models",
    "#/model/cats",
    "#/training",
    "#/datasets",
    "#/labels",
    "#/events",
    "#/trace/nobody",
  ]) {
    await page.evaluate((to) => (location.hash = to), hash);
    await page.locator("main h1").first().waitFor({ state: "attached" });
    if (hash.startsWith("#/review")) await page.locator(".current").waitFor();
    const wide = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.querySelector("main")!.scrollWidth,
    ]);
    expect(Math.max(...wide), hash).toBeLessThanOrEqual(width);
  }
});

test("an open page reconnects when the cloud is back, and misses nothing", async () => {
  const page = await site.open("#/?model=cats");
  await page.getByText("Live", { exact: true }).waitFor();
  const other = await site.open("#/models");
  await other.getByText("Live", { exact: true }).waitFor();
  await site.stop();
  await page.getByText("Connection lost, retrying …").waitFor();
  await other.evaluate(() => (location.hash = "#/events"));
  await other.getByText("API_UNREACHABLE").waitFor();
  await site.start();
  // The page may still wait for its next attempt.
  await seedPredictions(1, Date.now() + 120_000, "missed");
  await page.getByText("Live", { exact: true }).waitFor();
  const first = page.locator(".table .rows .line").first();
  await expect.poll(() => first.textContent()).toContain("missed-0.jpg");
  await other.getByText("No events").waitFor();
  // A stopping cloud responds to active requests with 500, and the browser logs each one.
  site.problems.length = 0;
});
