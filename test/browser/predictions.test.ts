// Uploads, the list of predictions with its filters, one prediction, reviews and sign-in.
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import * as Token from "@sluice/core/token/manage.ts";
import type { Page } from "playwright-core";
import { packageOf, sampleOf } from "../support/sample.ts";
import { violations } from "./axe.ts";
import { openSite, type Site } from "./site.ts";

let site: Site;
beforeAll(async () => {
  site = await openSite();
  // Trained now, so that no test has to wait for it.
  await packageOf("compliance");
  await site.deploy("vehicles");
});
afterAll(() => site.dispose());
afterEach(async () => expect(await site.close()).toEqual([]));

const rows = (page: Page) => page.locator(".table .rows .line");
const row = (page: Page, text: string) => rows(page).filter({ hasText: text });

/** Drags files onto a model. */
async function drop(
  page: Page,
  model: string,
  files: Array<{ name: string; type: string; bytes: Uint8Array }>,
) {
  const data = await page.evaluateHandle(
    (all) => {
      const transfer = new DataTransfer();
      for (const { name, type, base64 } of all)
        transfer.items.add(
          new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], name, { type }),
        );
      return transfer;
    },
    files.map(({ name, type, bytes }) => ({ name, type, base64: Buffer.from(bytes).toString("base64") })),
  );
  const tile = page.locator(`.tile[data-model=${model}]`);
  await tile.dispatchEvent("dragover", { dataTransfer: data });
  await tile.dispatchEvent("drop", { dataTransfer: data });
}

async function pictures(count: number, from = 0) {
  const all = await Promise.all(
    Array.from({ length: count }, (_, index) => sampleOf("vehicles", from + index)),
  );
  return all.map(({ bytes, label, contentType }, index) => ({
    name: `${label}-${from + index}.jpg`,
    type: contentType,
    bytes,
    label,
  }));
}

test("files dropped onto a model become predictions live", async () => {
  const page = await site.open();
  await page.getByText("No predictions", { exact: true }).waitFor();
  const files = await pictures(5);
  await drop(page, "vehicles", files);
  await page.getByText("5 files uploaded").waitFor();
  for (const { name } of files)
    await row(page, name)
      .filter({ hasText: /completed|rejected/ })
      .waitFor();
  expect(await rows(page).count()).toBe(5);
  // The page was not reloaded.
  expect(await page.evaluate(() => performance.getEntriesByType("navigation").length)).toBe(1);
});

test("an upload without an endpoint is pending until there is one", async () => {
  const page = await site.open("#/?model=compliance");
  const { bytes, contentType } = await sampleOf("compliance", 0);
  await drop(page, "compliance", [{ name: "early.txt", type: contentType, bytes }]);
  await row(page, "early.txt").getByText("pending").waitFor();
  expect(await page.locator(".tray").textContent()).toContain("pending");
  await site.deploy("compliance");
  await row(page, "early.txt")
    .filter({ hasText: /completed|rejected/ })
    .waitFor();
});

test("a prediction shows its image, probabilities and durations", async () => {
  const page = await site.open("#/?model=vehicles");
  await rows(page).first().locator("a.open").click();
  await page.getByRole("img", { name: "Input image" }).waitFor();
  await page.getByText(/^(Above|Below) threshold/).waitFor();
  const heading = await page.getByRole("heading", { level: 1 }).textContent();
  expect(heading).toMatch(/^\w+-\d\.jpg$/);
  expect(await page.locator(".ranked li").count()).toBe(5);
  expect(await page.locator(".steps").textContent()).toMatch(/queue.*endpoint call.*inference/);
  await page.getByText("Result", { exact: true }).click();
  expect(JSON.parse((await page.locator("details[open] pre").textContent())!)).toMatchObject({
    model: "vehicles",
  });
  await page.goBack();
  await rows(page).first().waitFor();
  expect(page.url()).toContain("model=vehicles");
});

test("a review is requested, resolved with a key, and becomes a label", async () => {
  const page = await site.open("#/?model=vehicles&status=completed");
  await row(page, "car-").first().locator("a.open").click();
  const name = (await page.getByRole("heading", { level: 1 }).textContent())!;
  await page.getByPlaceholder("What looks wrong?").fill("that is a bus");
  await page.getByRole("button", { name: "Request review" }).click();
  await page.getByText("“that is a bus”").waitFor();
  await page.getByRole("link", { name: "All open reviews" }).click();

  const waiting = page.locator(".waiting button");
  await waiting.filter({ hasText: name }).click();
  await page.getByRole("heading", { name, level: 2 }).waitFor();
  await page.getByRole("img", { name: "Input image" }).waitFor();
  const open = await waiting.count();
  // The third of its classes.
  await page.keyboard.press("3");
  await page.getByText("1 review closed").waitFor();
  expect(await waiting.count()).toBe(open - 1);
  await page.getByRole("link", { name }).click();
  await page.getByText(/^bus \(predicted: \w+\)$/).waitFor();
  await page.getByRole("link", { name: "Show label" }).click();
  await page.getByRole("heading", { name: "bus" }).waitFor();
});

test("the queue works with keys, and a review closed by somebody else shows the name", async () => {
  const predicted = await (await site.api("/predictions?model=vehicles&status=completed")).json();
  const ids = (predicted.items as { id: string; review?: object }[])
    .filter(({ review }) => !review)
    .slice(0, 4)
    .map(({ id }) => id);
  for (const id of ids.slice(0, 3)) await site.api(`/reviews/${id}`, { method: "POST", body: {} });
  const page = await site.open("#/review?model=vehicles");
  const waiting = page.locator(".waiting button");
  await expect.poll(() => waiting.count()).toBeGreaterThanOrEqual(3);
  const title = () => page.locator(".current > header h2").textContent();
  const first = await title();
  await page.keyboard.press("j");
  await expect.poll(title).not.toBe(first);
  await page.keyboard.press("k");
  await expect.poll(title).toBe(first);
  // Keys are active when the buttons are visible.
  await page.getByRole("button", { name: /^Agree/ }).waitFor();
  await page.keyboard.press("a");
  await page.getByText("1 review closed").waitFor();
  await page.keyboard.press("x");
  await page.getByText("2 reviews closed").waitFor();
  await page.getByText(/: dismissed$/).waitFor();

  // A new review does not replace the current one.
  const looked = await title();
  const many = await waiting.count();
  await site.api(`/reviews/${ids[3]}`, { method: "POST", body: {} });
  await expect.poll(() => waiting.count()).toBe(many + 1);
  expect(await title()).toBe(looked);

  // The current review stays when somebody else closes it.
  const href = (await page.locator(".current > header a").getAttribute("href"))!;
  const url = `/reviews/${href.split("/").at(-1)}/verdict`;
  expect((await site.api(url, { method: "PUT", body: { dismiss: true } })).status).toBe(200);
  await expect.poll(() => waiting.count()).toBe(many);
  expect(await title()).toBe(looked);
  await page.keyboard.press("1");
  await page
    .getByRole("alert")
    .getByText(/dismissed it at/)
    .waitFor();
});

test("filters are in the address, so a filtered list can be shared and the back button works", async () => {
  const page = await site.open();
  await rows(page).first().waitFor();
  const all = await rows(page).count();
  await page.getByRole("button", { name: "vehicles image classification" }).click();
  await page.getByLabel("Confidence at least, in percent").fill("99.99");
  await page.getByLabel("Confidence at least, in percent").press("Enter");
  await page.getByRole("button", { name: "failed" }).click();
  await page.getByText("No predictions match the filters").waitFor();
  expect(Object.fromEntries(new URLSearchParams(page.url().split("?")[1]))).toEqual({
    model: "vehicles",
    status: "failed",
    min: "0.9999",
  });
  const shared = await site.open(new URL(page.url()).hash);
  await shared.getByText("No predictions match the filters").waitFor();
  expect(await shared.getByLabel("Confidence at least, in percent").inputValue()).toBe("99.99");
  await page.goBack();
  await page.goBack();
  await page.goBack();
  await expect.poll(() => rows(page).count()).toBe(all);
  expect(page.url()).not.toContain("status");
});

test("a file that cannot be uploaded or read shows the reason and the fix", async () => {
  const page = await site.open();
  await drop(page, "vehicles", [{ name: "notes.txt", type: "text/plain", bytes: Buffer.from("no picture") }]);
  await page.getByText("TYPE_NOT_ACCEPTED").first().waitFor();
  await page.getByText("Upload a content type that the model's declaration accepts.").waitFor();
  await drop(page, "vehicles", [
    { name: "broken.jpg", type: "image/jpeg", bytes: Buffer.from("not a picture") },
  ]);
  await row(page, "broken.jpg").getByText("failed").waitFor();
  await row(page, "broken.jpg").locator("a.open").click();
  expect(await page.getByRole("alert").textContent()).toMatch(/^(IMAGE|TYPE)_\w+ ?\S.*\.$/);
});

test("file names and keys with markup are shown as text", async () => {
  const page = await site.open("#/?model=vehicles");
  await page.evaluate(() => Object.assign(window, { harmed: 0 }));
  const { bytes, contentType } = await sampleOf("vehicles", 9);
  const names = [
    `<img src=x onerror="harmed=1">.jpg`,
    `"><script>harmed=1;.jpg`,
    `javascript:harmed=1`,
    `${"long".repeat(200)}.jpg`,
    `‮gpj.exe`,
    "${harmed=1}{{harmed=1}}.jpg",
  ];
  for (const [index, name] of names.entries())
    await site.upload(`uploads/vehicles/${index}/${name}`, bytes, { ContentType: contentType });
  await expect.poll(() => row(page, "completed").count()).toBeGreaterThanOrEqual(names.length);
  for (const text of ["<img src=x", "<script>", "javascript:", "{{harmed"])
    await row(page, text).first().waitFor();
  await row(page, "<script>").first().locator("a.open").click();
  await page.getByRole("heading", { level: 1 }).getByText("<script>").waitFor();
  const { wide, shown, harmed } = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth,
    shown: innerWidth,
    harmed: (window as unknown as { harmed: number }).harmed,
  }));
  expect(harmed).toBe(0);
  expect(wide).toBeLessThanOrEqual(shown);
});

test("a token is entered once, and a wrong or expired one is rejected", async () => {
  const page = await site.open("#/models", { token: null });
  await page.getByLabel("Token").fill("slc_wrong");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").getByText("The bearer token is unknown or expired.").waitFor();
  await page.getByLabel("Token").fill(await site.bearer());
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("link", { name: "vehicles", exact: true }).waitFor();
  await page.reload();
  await page.getByRole("link", { name: "vehicles", exact: true }).waitFor();

  const { token } = await Token.createToken({ name: "short", scopes: ["read"] });
  const other = await site.open("#/models", { token });
  await other.getByRole("link", { name: "vehicles", exact: true }).waitFor();
  await other.getByText("Live", { exact: true }).waitFor();
  await Token.revokeToken(Token.hashToken(token));
  // Its live connection is closed, so that nobody has to click first.
  expect(await other.getByRole("alert").textContent()).toContain("TOKEN_INVALID");
});

test("the address that npm start prints signs in, and the token is removed from the address", async () => {
  const page = await site.open(`#token=${await site.bearer()}`, { token: null });
  await page.getByRole("button", { name: "vehicles image classification" }).waitFor();
  expect(page.url()).toBe(`${site.url}#/`);
});

test.each(["light", "dark"] as const)(
  "axe finds no problems in the list, a prediction and the review queue, %s",
  async (colorScheme) => {
    const page = await site.open("#/?model=vehicles", { colorScheme, bypassCSP: true });
    await rows(page).first().waitFor();
    const wrong = await violations(page);
    await rows(page).filter({ hasText: "completed" }).first().locator("a.open").click();
    await page.getByText(/^(Above|Below) threshold/).waitFor();
    wrong.push(...(await violations(page)));
    const review = async (model: string) => {
      await page.evaluate((hash) => (location.hash = hash), `#/review?model=${model}`);
      await page.locator(".current, .empty").first().waitFor();
      wrong.push(...(await violations(page)));
    };
    await review("cats");
    const { items } = await (await site.api("/predictions?model=vehicles&status=completed")).json();
    const { id } = (items as { id: string; review?: { endedAt?: string } }[]).find(
      ({ review: before }) => !before?.endedAt,
    )!;
    await site.api(`/reviews/${id}`, { method: "POST", body: {} });
    await review("vehicles");
    expect(wrong).toEqual([]);
  },
);

test("on a phone of 380 pixels every filter is inside the screen, and no keyboard hint is shown", async () => {
  const width = 380;
  const page = await site.open("#/", { viewport: { width, height: 800 } });
  const controls = page.locator(".filters :is(button, select, input)");
  await controls.first().waitFor();
  const boxes = await controls.evaluateAll((all) =>
    all.map((one) => ({ name: one.textContent || one.ariaLabel, ...one.getBoundingClientRect().toJSON() })),
  );
  expect(boxes.length).toBeGreaterThan(8);
  expect(boxes.filter(({ left, right }) => left < 0 || right > width)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  const hints = await page.evaluate(() => {
    const hint = document.body.appendChild(document.createElement("kbd"));
    return getComputedStyle(hint).display;
  });
  expect(hints).toBe("none");
});
