// `npm run picture`: makes docs/page.png, the picture in README.md, from a new cloud with sample predictions. It needs
// Chromium, and takes about a minute.
import path from "node:path";
import { SAMPLE_MODELS } from "@sluice/cli/sample/package.ts";
import type { Page } from "playwright-core";
import { LARGE_PLAN, seedPlan } from "../test/browser/floor-plans.ts";
import { openSite, type Site } from "../test/browser/site.ts";
import { sampleOf } from "../test/support/sample.ts";

const FILE = path.resolve(import.meta.dirname, "../docs/page.png");
const WIDTH = 1_280;
const [LIST_HEIGHT, PLAN_HEIGHT, GAP] = [420, 735, 24];
const FILES_PER_MODEL = 4;

const site = await openSite();
try {
  const id = await predictSamples(site);
  const list = await photograph(site, "#/", LIST_HEIGHT, (page) => page.locator(".table .rows .line"));
  const plan = await photograph(site, `#/prediction/${id}`, PLAN_HEIGHT, (page) =>
    page.locator(".boxes path"),
  );
  await combine(site, [list, plan]);
  console.log(FILE);
} finally {
  await site.dispose();
}

/** Returns the id of a prediction for a floor plan. */
async function predictSamples(cloud: Site): Promise<string> {
  for (const model of SAMPLE_MODELS) await cloud.deploy(model);
  for (let index = 0; index < FILES_PER_MODEL; index++)
    for (const model of SAMPLE_MODELS) await predictSample(cloud, model, index);
  // Without a trained sample model, the boxes are the true ones of the generated plan, as README.md says.
  return (SAMPLE_MODELS as readonly string[]).includes("blueprints")
    ? predictSample(cloud, "blueprints", LARGE_PLAN)
    : seedPlan(cloud, LARGE_PLAN);
}

async function predictSample(cloud: Site, model: string, index: number): Promise<string> {
  const { bytes, contentType } = await sampleOf(model, index);
  const ending = contentType === "text/plain" ? "txt" : contentType.split("/")[1];
  const key = `uploads/${model}/${model}-${index}.${ending}`;
  const { idFor } = await cloud.upload(key, bytes, { ContentType: contentType });
  await cloud.prediction(idFor(model));
  return idFor(model);
}

async function photograph(
  { open }: Site,
  hash: string,
  height: number,
  wanted: (page: Page) => ReturnType<Page["locator"]>,
): Promise<Buffer> {
  const page = await open(hash, { viewport: { width: WIDTH, height }, colorScheme: "light" });
  await wanted(page).first().waitFor();
  await page.getByText("Live", { exact: true }).waitFor();
  // Thumbnails are drawn after their rows.
  await page.waitForFunction(() =>
    [...document.querySelectorAll<HTMLCanvasElement>("canvas.thumb")].every(
      (canvas) => canvas.getContext("2d")!.getImageData(0, 0, 1, 1).data[3] !== 0,
    ),
  );
  return page.screenshot();
}

/** One picture above the other. */
async function combine({ open }: Site, pictures: Buffer[]): Promise<void> {
  const page = await open("#/", { viewport: { width: WIDTH, height: 100 } });
  // The policy of the page forbids other content.
  await page.goto("about:blank");
  const images = pictures.map((bytes) => `<img src="data:image/png;base64,${bytes.toString("base64")}">`);
  await page.setContent(
    `<style>body { margin: 0; display: grid; gap: ${GAP}px; background: #fff }</style>${images.join("")}`,
  );
  await page.screenshot({ path: FILE, fullPage: true });
}
