// Live updates in the page: its connection is cut again and again, and every change still arrives, once.
import { DeleteConnectionCommand } from "@aws-sdk/client-apigatewaymanagementapi";
import { connections as gateway } from "@sluice/core/aws/connections.ts";
import { listConnections } from "@sluice/core/live/close.ts";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { changePrediction } from "../support/live-client.ts";
import { openSite, type Site } from "./site.ts";

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.dispose());
afterEach(async () => expect(await site.close()).toEqual([]));

/** The file names of the rows, each as often as it was added to the page. */
async function recordRows(page: Page) {
  await page.evaluate(() => {
    const added: string[] = ((window as unknown as { added: string[] }).added = []);
    new MutationObserver((changes) => {
      for (const { addedNodes } of changes)
        for (const node of addedNodes) {
          const name = /cut-\d+\.jpg/.exec(node.textContent ?? "")?.[0];
          if (name) added.push(name);
        }
    }).observe(document.querySelector("main")!, { childList: true, subtree: true });
  });
  return () => page.evaluate(() => (window as unknown as { added: string[] }).added);
}

const cut = async () => {
  for (const { id } of await listConnections())
    await gateway().send(new DeleteConnectionCommand({ ConnectionId: id }));
};

test("every change arrives once, although the connection is cut after every third", async () => {
  const page = await site.open("#/?model=vehicles");
  await page.getByText("Live", { exact: true }).waitFor();
  await changePrediction("cut-0");
  await page.getByText("cut-0.jpg").waitFor();
  const added = await recordRows(page);
  const ids = Array.from({ length: 18 }, (_, index) => `cut-${index + 1}`);
  for (const [index, id] of ids.entries()) {
    if (index % 3 === 2) await cut();
    await changePrediction(id);
  }
  const names = ids.map((id) => `${id}.jpg`);
  await expect.poll(async () => new Set(await added()).size).toBe(names.length);
  expect((await added()).toSorted()).toEqual(names.toSorted());
  const shown = await page.locator(".table .rows .line").allTextContents();
  expect(shown.map((text) => /cut-\d+/.exec(text)?.[0])).toEqual([...ids.toReversed(), "cut-0"]);
  expect(await page.getByText("Live", { exact: true }).isVisible()).toBe(true);
});

test("without a network the page says so; with it every change of the meantime is there", async () => {
  const page = await site.open("#/?model=vehicles");
  await page.getByText("Live", { exact: true }).waitFor();
  const added = await recordRows(page);
  await page.context().setOffline(true);
  await cut();
  await page.getByText("Connection lost, retrying …").waitFor();
  for (const index of [101, 102, 103]) await changePrediction(`cut-${index}`);
  await page.context().setOffline(false);
  await page.getByText("Live", { exact: true }).waitFor();
  await page.getByText("cut-103.jpg").waitFor();
  expect((await added()).toSorted()).toEqual(["cut-101.jpg", "cut-102.jpg", "cut-103.jpg"]);
});
