import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Results {
  violations: Array<{ id: string; help: string; nodes: Array<{ html: string; failureSummary: string }> }>;
}

/** What axe finds wrong with the page as it stands, each with its place. By the driver, past the page's own policy. */
export async function violations(page: Page): Promise<string[]> {
  const { violations: found } = (await page.evaluate(
    `${source}; axe.run(document, { resultTypes: ["violations"] })`,
  )) as Results;
  return found.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 160)}: ${node.failureSummary}`),
  );
}
