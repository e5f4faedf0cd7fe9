// Labels, training, version and trace on the page, and an accessibility check of every view, light and dark.
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { sampleOf } from "../support/sample.ts";
import { violations } from "./axe.ts";
import { openSite, type Site } from "./site.ts";

const LABELS = 60;

let site: Site;
beforeAll(async () => {
  site = await openSite();
  for (let index = 0; index < LABELS; index++) {
    const { bytes, label, contentType } = await sampleOf("vehicles", index);
    const key = `data/vehicles/${label}/${index}`;
    await site.upload(key, bytes, { ContentType: contentType });
    const answer = await site.api("/labels/vehicles", { method: "PUT", body: { key, label } });
    expect(answer.status).toBe(200);
  }
});
afterAll(() => site.dispose());
afterEach(async () => expect(await site.close()).toEqual([]));

/** The views to check; tests add the pages that they open. */
const views = [
  "#/?model=vehicles",
  "#/models",
  "#/model/vehicles",
  "#/training",
  "#/datasets?model=vehicles",
  "#/labels?model=vehicles",
  "#/events",
];

test("a training is started with a form, and followed live to its end", async () => {
  const page = await site.open("#/training");
  await page.getByText("Start a training", { exact: true }).click();
  await page.getByLabel("Model").last().selectOption("vehicles");
  const trainers = await page.getByLabel("Trainer").locator("option").allTextContents();
  expect(trainers).toEqual(["probe (declared)", "torch", "builtin"]);
  await page.getByLabel("Epochs").fill("6");
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await page.getByRole("heading", { name: /^sluice-local-vehicles-/ }).waitFor();
  views.push(new URL(page.url()).hash);
  await page.getByText("epoch=2;").waitFor({ timeout: 90_000 });
  await page.getByRole("img", { name: /^Loss by epoch/ }).waitFor();
  await page.locator(".verdict").getByText("completed").waitFor({ timeout: 90_000 });
  await page.getByText(/final; version/).waitFor();
  expect(await page.evaluate(() => performance.getEntriesByType("navigation").length)).toBe(1);

  await page.getByRole("link", { name: /^ds_/ }).click();
  await page.getByRole("heading", { name: /^ds_/ }).waitFor();
  await page.locator(".samples img").first().waitFor();
  views.push(new URL(page.url()).hash);
});

test("the training creates a version with metrics and a link to its run", async () => {
  const page = await site.open("#/events?model=vehicles");
  const event = page.locator(".events li", { hasText: "version" }).filter({ hasText: /accepted|refused/ });
  await event.first().waitFor({ timeout: 90_000 });
  await event.first().locator("a.subject").click();
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.getByText("Confusion matrix").waitFor();
  await page.getByText("Per class").waitFor();
  views.push(new URL(page.url()).hash);
  await page.getByRole("link", { name: /^sluice-local-vehicles-/ }).click();
  await page.locator(".verdict").getByText("completed").waitFor();
  expect(page.url()).toContain(views.find((view) => view.startsWith("#/run/")));
});

test("a label shows its trace, and its class is changed", async () => {
  const page = await site.open("#/datasets?model=vehicles");
  await page.getByRole("link", { name: "car", exact: true }).click();
  await page.getByRole("heading", { name: "Labels" }).waitFor();
  const cars = page.locator(".samples li");
  await cars.first().locator("img").waitFor();
  await expect
    .poll(() =>
      cars.locator("img").evaluateAll((all) => all.every((img) => (img as HTMLImageElement).complete)),
    )
    .toBe(true);
  expect(new Set(await cars.locator("strong").allTextContents())).toEqual(new Set(["car"]));
  const many = await cars.count();
  await cars.first().getByRole("link").click();
  views.push(new URL(page.url()).hash);
  // The dataset, the training run and the version.
  const chain = page.locator(".chain > li");
  for (const kind of ["dataset", "run", "version"]) await chain.filter({ hasText: kind }).first().waitFor();
  await page.getByLabel("New class").selectOption("truck");
  await page.getByRole("button", { name: "Change" }).click();
  await page.getByText("Changed to truck.").waitFor();
  await page.locator(".history").getByText("car").waitFor();
  await page.goBack();
  await expect.poll(() => cars.count()).toBe(many - 1);
});

test("a record is traced by its id", async () => {
  const page = await site.open("#/events");
  const run = decodeURIComponent(views.find((view) => view.startsWith("#/run/"))!.slice("#/run/".length));
  await page.getByLabel("Trace").fill(run);
  await page.keyboard.press("Enter");
  await page.locator(".chain").getByRole("link", { name: /^ds_/ }).waitFor();
  expect(await page.locator(".chain [aria-current]").textContent()).toContain(run);
  views.push(new URL(page.url()).hash);
  await page.getByLabel("Trace").fill("nobody");
  await page.getByRole("button", { name: "Show" }).click();
  await page.getByText("TRACE_UNKNOWN").waitFor();
});

test.each(["light", "dark"] as const)("axe finds no problems in any view, %s", async (colorScheme) => {
  // The content security policy does not allow the injected axe script.
  const page = await site.open("#/", { colorScheme, bypassCSP: true });
  await page.getByRole("heading", { name: "Predictions" }).waitFor({ state: "attached" });
  const wrong: string[] = [];
  for (const hash of views) {
    await page.evaluate((to) => (location.hash = to), hash);
    await page.locator("main h1").first().waitFor({ state: "attached" });
    await expect.poll(() => page.locator(".loading").count()).toBe(0);
    wrong.push(...(await violations(page)).map((one) => `${hash} ${one}`));
  }
  const entry = await site.open("#/", { colorScheme, bypassCSP: true, token: null });
  await entry.getByLabel("Token").waitFor();
  wrong.push(...(await violations(entry)));
  expect(wrong).toEqual([]);
});
