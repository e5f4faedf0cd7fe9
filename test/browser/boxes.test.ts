// The box editor with mouse, keyboard and touch. Unsaved boxes are not lost.
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { violations } from "./axe.ts";
import { seedDetection } from "./detections.ts";
import { openSite, type Site } from "./site.ts";

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.dispose());
afterEach(async () => expect(await site.close()).toEqual([]));

const labelOf = async (index: number) => {
  const answer = await site.api(
    `/labels/drones/label?key=${encodeURIComponent(`uploads/drones/sky-${index}.jpg`)}`,
  );
  return (
    (await answer.json()) as {
      boxes: { class: string; x: number; y: number; width: number; height: number }[];
    }
  ).boxes;
};
const box = (page: Page, name: string | RegExp) => page.locator(".editor").getByRole("button", { name });
const status = (page: Page) => page.locator(".box-tools").getByRole("status");

/** Opens one review and waits for its image. */
async function review(index: number, options: Parameters<Site["open"]>[1] = {}): Promise<Page> {
  const page = await site.open("#/review?model=drones", options);
  await page
    .locator(".waiting button")
    .filter({ hasText: `sky-${index}.jpg` })
    .click();
  await page.getByRole("heading", { name: `sky-${index}.jpg`, level: 2 }).waitFor();
  await page.locator(".frame img").evaluate((img) => (img as HTMLImageElement).decode());
  await box(page, /^bird/).waitFor();
  return page;
}

/** Screen coordinates of an image point. */
const onScreen = (page: Page, x: number, y: number) =>
  page.locator(".editor").evaluate(
    (svg, [px, py]) => {
      const { x: left, y: top } = new DOMPoint(px, py).matrixTransform(
        (svg as SVGSVGElement).getScreenCTM()!,
      );
      return [left, top] as [number, number];
    },
    [x, y] as const,
  );

async function drag(page: Page, from: [number, number], to: [number, number]) {
  await page.locator(".editor").scrollIntoViewIfNeeded();
  await page.mouse.move(...(await onScreen(page, ...from)));
  await page.mouse.down();
  await page.mouse.move(...(await onScreen(page, ...to)), { steps: 4 });
  await page.mouse.up();
}

test("boxes are drawn, moved, resized and classified with the mouse, and saved", async () => {
  await seedDetection(site, 0);
  const page = await review(0);
  // Draw a box, move the selected bird, resize it at its corner.
  await drag(page, [10, 150], [70, 200]);
  await page.getByLabel("Class of the box").selectOption("airplane");
  await expect.poll(() => status(page).textContent()).toBe("drone changed to airplane");
  await page.mouse.click(...(await onScreen(page, 100, 70)));
  await expect.poll(() => box(page, /^bird/).getAttribute("aria-pressed")).toBe("true");
  await drag(page, [100, 70], [120, 80]);
  await box(page, /^bird.* at 6\d, 40$/).waitFor();
  await drag(page, [181, 121], [200, 140]);
  await page.mouse.click(...(await onScreen(page, 265, 150)));
  await expect.poll(() => box(page, /^drone/).getAttribute("aria-pressed")).toBe("true");
  await page.getByRole("button", { name: "Delete" }).click();
  await expect.poll(() => status(page).textContent()).toBe("drone deleted, 2 left");
  await page.getByRole("button", { name: "Save 2 boxes" }).click();
  await page.getByText("1 review closed").waitFor();
  const [bird, airplane] = await labelOf(0);
  expect(bird).toMatchObject({ class: "bird" });
  expect(bird!.x + bird!.width).toBeGreaterThan(195);
  expect(airplane).toMatchObject({ class: "airplane" });
  expect(Math.abs(airplane!.x - 10)).toBeLessThan(3);
  expect(Math.abs(airplane!.width - 60)).toBeLessThan(3);
});

test("boxes are edited with keys, changes are announced and undone, and keys cannot discard them", async () => {
  await seedDetection(site, 1);
  await seedDetection(site, 2);
  const page = await review(1);
  await box(page, /^bird/).focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Shift+ArrowDown");
  await box(page, "bird, 120 × 82 at 42, 30").waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("4");
  await box(page, /^helicopter/).waitFor();
  await page.keyboard.press("Delete");
  await page.getByRole("button", { name: "Save 1 box" }).waitFor();
  await page.keyboard.press("Control+z");
  await box(page, /^helicopter/).waitFor();
  expect(await status(page).textContent()).toBe("Undone, 2 boxes");
  await page.getByRole("button", { name: "Add box" }).press("Enter");
  await expect.poll(() => status(page).textContent()).toMatch(/^helicopter added: \d+ × \d+ at/);
  // a and x have no effect, and the boxes are kept while another review is shown.
  await page.keyboard.press("a");
  await page.keyboard.press("x");
  await page.keyboard.press("j");
  await page.getByRole("heading", { name: "sky-2.jpg", level: 2 }).waitFor();
  await page.keyboard.press("k");
  await page.getByRole("button", { name: "Save 3 boxes" }).waitFor();
  // The focused button disappears with the image; shortcuts still work.
  await page.getByRole("button", { name: "Add box" }).focus();
  await page.keyboard.press("j");
  await page.getByRole("heading", { name: "sky-2.jpg", level: 2 }).waitFor();
  await page.keyboard.press("k");
  await page.getByRole("button", { name: "Save 3 boxes" }).waitFor();
  await page.keyboard.press("s");
  await page.getByText("1 review closed").waitFor();
  expect(await labelOf(1)).toMatchObject([
    { class: "bird", x: 42, y: 30, width: 120, height: 82 },
    { class: "helicopter" },
    { class: "helicopter" },
  ]);
});

test("on a phone, one finger draws without scrolling the page, and two fingers zoom", async () => {
  await seedDetection(site, 3);
  const page = await review(3, { viewport: { width: 375, height: 740 }, hasTouch: true, isMobile: true });
  await page.locator(".editor").scrollIntoViewIfNeeded();
  const touch = await page.context().newCDPSession(page);
  const points = [
    await onScreen(page, 20, 180),
    await onScreen(page, 60, 200),
    await onScreen(page, 120, 230),
  ];
  for (const [index, [x, y]] of points.entries())
    await touch.send("Input.dispatchTouchEvent", {
      type: index === 0 ? "touchStart" : "touchMove",
      touchPoints: [{ x, y }],
    });
  await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await page.getByRole("button", { name: "Save 3 boxes" }).waitFor();
  const fingers = ([x, y]: [number, number], distance: number) => [
    { x: x - distance, y, id: 1 },
    { x: x + distance, y, id: 2 },
  ];
  const middle = await onScreen(page, 150, 120);
  await touch.send("Input.dispatchTouchEvent", {
    type: "touchStart",
    touchPoints: fingers(middle, 20).slice(0, 1),
  });
  await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: fingers(middle, 20) });
  await touch.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: fingers(middle, 40) });
  await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await page.getByRole("button", { name: "200 %. Show the whole image" }).waitFor();
  expect(await page.locator(".editor .target").count()).toBe(3);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  expect(
    await violations(await review(3, { bypassCSP: true, viewport: { width: 375, height: 740 } })),
  ).toEqual([]);
});

test("after a failed save the boxes are kept, and a review closed by somebody else is reported", async () => {
  const id = await seedDetection(site, 4);
  const page = await review(4);
  await page.getByRole("button", { name: "Add box" }).click();
  const save = page.getByRole("button", { name: "Save 3 boxes" });
  await page.route("**/verdict", (route) =>
    route.fulfill({
      status: 429,
      contentType: "application/problem+json",
      body: JSON.stringify({ code: "RATE_LIMITED", detail: "Too much at once.", hint: "Wait a moment." }),
    }),
  );
  await save.click();
  await page.getByRole("alert").getByText("Wait a moment.").waitFor();
  await save.waitFor();
  expect(await box(page, /./).count()).toBe(3);
  await page.unroute("**/verdict");

  const verdict = { boxes: [{ class: "drone", x: 1, y: 2, width: 3, height: 4 }] };
  expect((await site.api(`/reviews/${id}/verdict`, { method: "PUT", body: verdict })).status).toBe(200);
  await page
    .locator(".current")
    .getByText(/^by owner/)
    .waitFor();
  await save.click();
  await page
    .getByRole("alert")
    .getByText(/owner resolved it/)
    .waitFor();
  expect(await box(page, /./).count()).toBe(3);
  await page.getByRole("link", { name: "Show label" }).click();
  await page.getByRole("heading", { name: "sky-4.jpg" }).waitFor();
  // The label has the same editor, and the unsaved boxes of the review can be used.
  await box(page, "drone, 3 × 4 at 1, 2").waitFor();
  await page.getByRole("button", { name: "Use my boxes from the review" }).click();
  await expect.poll(() => box(page, /./).count()).toBe(3);
  await page.keyboard.press("Control+z");
  await box(page, "drone, 3 × 4 at 1, 2").focus();
  await page.keyboard.press("2");
  await page.getByRole("button", { name: "Save boxes" }).click();
  await page.getByText("Saved 1 box.").waitFor();
  expect(await labelOf(4)).toMatchObject([{ class: "bird", x: 1, y: 2, width: 3, height: 4 }]);
});

test("without the image, boxes cannot be drawn, and the command is shown", async () => {
  await seedDetection(site, 5, Buffer.from("not a picture"));
  const page = await site.open("#/review?model=drones");
  await page.locator(".waiting button").filter({ hasText: "sky-5.jpg" }).click();
  await page.getByText("npx sluice reviews resolve prd_sky5 --boxes boxes.json").waitFor();
  expect(await page.locator(".editor").count()).toBe(0);
});

test.each(["light", "dark"] as const)("axe finds no problems in the box editor, %s", async (colorScheme) => {
  const index = colorScheme === "light" ? 6 : 7;
  await seedDetection(site, index);
  const page = await review(index, { colorScheme, bypassCSP: true });
  await page.getByRole("button", { name: "Add box" }).click();
  await box(page, /^drone.* at/)
    .first()
    .focus();
  expect(await violations(page)).toEqual([]);
});
