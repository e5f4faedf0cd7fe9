// A floor plan with eighty boxes can be read: names, legend, zoom, confidence, keyboard, touch.
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { violations } from "./axe.ts";
import { foundIn, LARGE_PLAN, planKey, planOf, seedPlan } from "./floor-plans.ts";
import { openSite, type Site } from "./site.ts";

let site: Site;
let id: string;
const total = { shown: 0, all: 0 };
beforeAll(async () => {
  site = await openSite();
  id = await seedPlan(site, LARGE_PLAN);
  const { detections, doubtful } = foundIn(await planOf(LARGE_PLAN));
  total.shown = detections.length;
  total.all = detections.length + doubtful.length;
});
afterAll(() => site.dispose());
afterEach(async () => expect(await site.close()).toEqual([]));

const viewer = (page: Page) => page.locator(".boxes.viewer");
const frame = (page: Page) => page.locator(".frame.zoomable");
const legend = (page: Page) => page.getByRole("group", { name: "Classes" });
const entry = (page: Page, name: string) =>
  legend(page).getByRole("button", { name: new RegExp(`^${name} `) });
const slider = (page: Page) => page.getByRole("slider", { name: "Confidence at least" });
const zoomOf = (page: Page) =>
  page
    .getByRole("group", { name: "Zoom", exact: true })
    .locator(".number")
    .textContent()
    .then((text) => Number.parseInt(text!, 10));
const scrollOf = (page: Page) =>
  frame(page).evaluate(({ scrollLeft, scrollTop }) => [scrollLeft, scrollTop] as const);
/** Scrolling by a key is animated: the position when it is the same in ten frames. */
const restingScroll = (page: Page) =>
  frame(page).evaluate(async (element) => {
    let last = "";
    for (let same = 0; same < 10;) {
      await new Promise(requestAnimationFrame);
      const now = `${element.scrollLeft} ${element.scrollTop}`;
      same = now === last ? same + 1 : 0;
      last = now;
    }
    return [element.scrollLeft, element.scrollTop] as const;
  });
const boxCount = (page: Page) => viewer(page).locator(".target").count();
const highlighted = (page: Page) => page.locator(".name.highlighted").allTextContents();

async function open(options: Parameters<Site["open"]>[1] = {}): Promise<Page> {
  const page = await site.open(`#/prediction/${id}`, options);
  await viewer(page).waitFor();
  await frame(page).scrollIntoViewIfNeeded();
  return page;
}

/** The center of the smallest box of a class, on the screen. */
const pointOf = (page: Page, name: string) =>
  viewer(page).evaluate((svg, wanted) => {
    const targets = [...svg.querySelectorAll(".target")]
      .filter((target) => target.getAttribute("aria-label")!.startsWith(`${wanted} `))
      .map((target) => target.getBoundingClientRect())
      .toSorted((one, other) => one.width * one.height - other.width * other.height);
    const { x, y, width, height } = targets[0]!;
    return [x + width / 2, y + height / 2] as [number, number];
  }, name);

test("names do not overlap, and a class has few elements for any number of boxes", async () => {
  const page = await open();
  expect(total.shown).toBeGreaterThanOrEqual(80);
  expect(await boxCount(page)).toBe(total.shown);
  const overlaps = () =>
    page.locator(".names .name").evaluateAll((rects) => {
      const all = rects.map((rect) => rect.getBoundingClientRect());
      const overlap = (one: DOMRect, other: DOMRect) =>
        one.left < other.right - 1 &&
        other.left < one.right - 1 &&
        one.top < other.bottom - 1 &&
        other.top < one.bottom - 1;
      return {
        names: all.length,
        overlaps: all.flatMap((one, at) => all.slice(at + 1).filter((other) => overlap(one, other))).length,
      };
    });
  const whole = await overlaps();
  expect(whole.names).toBeGreaterThan(5);
  expect(whole.overlaps).toBe(0);
  expect(await viewer(page).locator("path").count()).toBeLessThanOrEqual(2 * 7);
  await page.getByRole("button", { name: "Zoom in" }).click();
  await page.getByRole("button", { name: "Zoom in" }).click();
  await expect.poll(async () => (await overlaps()).names).toBeGreaterThan(whole.names);
  expect((await overlaps()).overlaps).toBe(0);
});

test("the pointer, a click and the keys show the name of a box with its confidence", async () => {
  const page = await open();
  const [x, y] = await pointOf(page, "door");
  await page.mouse.move(x, y);
  await expect.poll(() => highlighted(page)).toEqual([expect.stringMatching(/^door \d+ %$/)]);
  await page.mouse.click(x, y);
  await page.mouse.move(0, 0);
  await expect.poll(() => highlighted(page)).toEqual([expect.stringMatching(/^door \d+ %$/)]);
  // One tab stop for all boxes; arrow keys go through them.
  const focused = () => page.evaluate(() => document.activeElement!.getAttribute("aria-label"));
  const before = await focused();
  await page.keyboard.press("ArrowRight");
  await expect.poll(focused).not.toBe(before);
  expect((await focused())!.startsWith((await highlighted(page))[0]!)).toBe(true);
  await page.keyboard.press("ArrowLeft");
  await expect.poll(focused).toBe(before);
  await expect
    .poll(() =>
      viewer(page)
        .locator("[tabindex='0']")
        .evaluateAll((all) => all.map((one) => one.ariaLabel)),
    )
    .toEqual([before]);
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement!.closest(".boxes"))).toBeNull();
  await page.keyboard.press("Shift+Tab");
  expect(await focused()).toBe(before);
  await page.keyboard.press("Escape");
  expect(await frame(page).evaluate((element) => element === document.activeElement)).toBe(true);
  expect(await highlighted(page)).toEqual([]);
});

test("the legend counts the boxes, and shows and hides classes by mouse and keyboard", async () => {
  const page = await open();
  const counts = await legend(page).locator(".number").allTextContents();
  expect(counts.reduce((sum, count) => sum + Number(count), 0)).toBe(total.shown);
  const doors = Number(await entry(page, "door").locator(".number").textContent());
  await entry(page, "door").click();
  await expect.poll(() => boxCount(page)).toBe(total.shown - doors);
  expect(await entry(page, "door").getAttribute("aria-pressed")).toBe("false");
  await entry(page, "door").press("Space");
  await expect.poll(() => boxCount(page)).toBe(total.shown);
  await page.getByRole("button", { name: "Hide all" }).press("Enter");
  await expect.poll(() => boxCount(page)).toBe(0);
  await entry(page, "door").press("Enter");
  await expect.poll(() => boxCount(page)).toBe(doors);
  await page.getByRole("button", { name: "Show all" }).click();
  await expect.poll(() => boxCount(page)).toBe(total.shown);
});

test("the confidence slider shows boxes below the threshold, which is marked", async () => {
  const page = await open();
  expect(await slider(page).getAttribute("aria-valuetext")).toBe("55 %, threshold 55 %");
  // The mark is under the center of the thumb.
  const mark = (await page.locator(".confidence .mark").boundingBox())!;
  const track = (await slider(page).boundingBox())!;
  expect(mark.x + mark.width / 2 - track.x).toBeCloseTo(8 + 0.55 * (track.width - 16), 0);
  await slider(page).focus();
  await page.keyboard.press("Home");
  await expect.poll(() => boxCount(page)).toBe(total.all);
  expect(await viewer(page).locator("path.below").count()).toBeGreaterThan(0);
  await page.keyboard.press("End");
  await expect.poll(() => boxCount(page)).toBe(0);
  await page.getByRole("button", { name: "Reset to threshold" }).click();
  await expect.poll(() => boxCount(page)).toBe(total.shown);
});

test("the image zooms and moves by wheel, keys, buttons and drag", async () => {
  const page = await open();
  const [x, y] = await pointOf(page, "door");
  await page.mouse.move(x, y);
  // The wheel alone scrolls the page, not the whole image.
  await page.keyboard.down("Control");
  for (let notch = 0; notch < 4; notch++) await page.mouse.wheel(0, -100);
  await page.keyboard.up("Control");
  await expect.poll(() => zoomOf(page)).toBe(272);
  // The door is still under the pointer.
  const [zoomedX, zoomedY] = await pointOf(page, "door");
  expect(Math.hypot(zoomedX - x, zoomedY - y)).toBeLessThan(4);
  const before = await scrollOf(page);
  await page.mouse.wheel(30, 40);
  await expect.poll(() => scrollOf(page)).not.toEqual(before);

  await frame(page).focus();
  await page.keyboard.press("f");
  await expect.poll(() => zoomOf(page)).toBe(100);
  await page.keyboard.press("+");
  await page.keyboard.press("+");
  await expect.poll(() => zoomOf(page)).toBe(225);
  const [left, top] = await scrollOf(page);
  await page.keyboard.press("ArrowRight");
  await expect.poll(async () => (await scrollOf(page))[0]).toBeGreaterThan(left);
  await page.getByRole("button", { name: "Move down" }).click();
  await expect.poll(async () => (await scrollOf(page))[1]).toBeGreaterThan(top);

  const from = await restingScroll(page);
  const middle = await frame(page).evaluate((element) => {
    const rect = element.getBoundingClientRect();
    return [rect.x + rect.width / 2, rect.y + rect.height / 2] as const;
  });
  await page.mouse.move(...middle);
  await page.mouse.down();
  await page.mouse.move(middle[0] + 60, middle[1] + 30, { steps: 3 });
  await page.mouse.up();
  expect(await scrollOf(page)).toEqual([from[0] - 60, from[1] - 30]);
  // The drag was no click.
  expect(await page.evaluate(() => document.activeElement!.closest(".boxes"))).toBeNull();
});

test("two fingers zoom and one finger shows a name on a phone, without a page that is too wide", async () => {
  const page = await open({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const touch = await page.context().newCDPSession(page);
  const [x, y] = await frame(page).evaluate((element) => {
    const rect = element.getBoundingClientRect();
    return [rect.x + rect.width / 2, rect.y + rect.height / 2] as [number, number];
  });
  const fingers = (distance: number) => [
    { x: x - distance, y, id: 1 },
    { x: x + distance, y, id: 2 },
  ];
  const send = (type: string, touchPoints: object[]) =>
    touch.send("Input.dispatchTouchEvent", { type, touchPoints } as never);
  await send("touchStart", fingers(30));
  for (const distance of [40, 60, 90]) await send("touchMove", fingers(distance));
  await send("touchEnd", []);
  await expect.poll(() => zoomOf(page)).toBe(300);
  await page.getByRole("button", { name: /Show the whole image/ }).click();
  await page.touchscreen.tap(...(await pointOf(page, "door")));
  await expect.poll(() => highlighted(page)).toEqual([expect.stringMatching(/%$/)]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
});

test("zoom, hidden classes and confidence stay when the prediction changes", async () => {
  const page = await open();
  await entry(page, "wall").click();
  await slider(page).focus();
  await page.keyboard.press("Home");
  await page.getByRole("button", { name: "Zoom in" }).click();
  const answer = await site.api(`/reviews/${id}`, { method: "POST", body: {} });
  expect(answer.status).toBeLessThan(300);
  // Now the boxes are editable.
  await page.locator(".boxes.editor").waitFor();
  expect(await entry(page, "wall").getAttribute("aria-pressed")).toBe("false");
  expect(await zoomOf(page)).toBe(150);
  expect(await page.locator(".editor").getByRole("button", { name: /^wall/ }).count()).toBe(0);
  expect(await page.getByRole("slider").getAttribute("aria-valuetext")).toMatch(/^0 %/);
  expect(await page.locator(".editor path.below").count()).toBeGreaterThan(0);
  const verdict = await site.api(`/reviews/${id}/verdict`, { method: "PUT", body: { dismiss: true } });
  expect(verdict.status).toBe(200);
  await viewer(page).waitFor();
  expect(await entry(page, "wall").getAttribute("aria-pressed")).toBe("false");
  expect(await zoomOf(page)).toBe(150);
});

test("a class has the same color in predictions, labels and overlays", async () => {
  const { boxes, width, height } = await planOf(LARGE_PLAN);
  const body = { key: planKey(LARGE_PLAN), boxes, image: { width, height } };
  expect((await site.api("/labels/blueprints", { method: "PUT", body })).status).toBe(200);
  const page = await open();
  const strokes = (of: string) =>
    page
      .locator(`${of} path.line:not(.below)`)
      .evaluateAll((paths) => paths.map((path) => path.getAttribute("stroke")));
  const colors = await strokes(".boxes.viewer");
  expect(new Set(colors).size).toBe(7);
  await page.evaluate(() => (location.hash = "#/labels?model=blueprints"));
  await page.locator(".samples .boxes path").first().waitFor();
  expect(await strokes(".samples .boxes")).toEqual(colors);
  await page.locator(".samples a").first().click();
  await page.locator(".boxes.editor").waitFor();
  expect(await strokes(".boxes.editor")).toEqual(colors);
  expect(await legend(page).locator(".number").count()).toBe(7);
  const overlay = await (await site.api(`/predictions/${id}/overlay`)).text();
  for (const color of colors) expect(overlay).toContain(`stroke="${color}"`);
});

test.each(["light", "dark"] as const)("axe finds no problems with a floor plan, %s", async (colorScheme) => {
  const page = await open({ colorScheme, bypassCSP: true });
  await entry(page, "wall").click();
  await page.getByRole("button", { name: "Zoom in" }).click();
  await frame(page).press("Tab");
  expect(await violations(page)).toEqual([]);
});
