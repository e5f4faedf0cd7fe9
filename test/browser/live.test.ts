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

const rows = async (page: Page) =>
  (await page.locator(".table .rows .line").allTextContents()).map((text) => /cut-\d+/.exec(text)?.[0]);

/** Closes every connection at the gateway. Records of connections that are closed already are left. */
async function cut() {
  for (const { id } of await listConnections())
    await gateway()
      .send(new DeleteConnectionCommand({ ConnectionId: id }))
      .catch((error: Error) => expect(error.name).toBe("GoneException"));
}

test("every change arrives once, although the connection is cut after every third", async () => {
  const page = await site.open("#/?model=vehicles");
  await page.getByText("Live", { exact: true }).waitFor();
  await changePrediction("cut-0");
  await page.getByText("cut-0.jpg").waitFor();
  const ids = Array.from({ length: 18 }, (_, index) => `cut-${index + 1}`);
  for (const [index, id] of ids.entries()) {
    if (index % 3 === 2) await cut();
    await changePrediction(id);
  }
  await expect.poll(() => rows(page)).toEqual([...ids.toReversed(), "cut-0"]);
  await page.getByText("Live", { exact: true }).waitFor();
});

test("without a network the page says so; with it every change of the meantime is there", async () => {
  const page = await site.open("#/?model=vehicles");
  await page.getByText("Live", { exact: true }).waitFor();
  await page.context().setOffline(true);
  await cut();
  await page.getByText("Connection lost, retrying …").waitFor();
  for (const index of [101, 102, 103]) await changePrediction(`cut-${index}`);
  await page.context().setOffline(false);
  await page.getByText("Live", { exact: true }).waitFor();
  await expect.poll(async () => (await rows(page)).slice(0, 3)).toEqual(["cut-103", "cut-102", "cut-101"]);
});
