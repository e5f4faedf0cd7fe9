import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Results {
  violations: Array<{ id: string; help: string; nodes: Array<{ html: string; failureSummary: string }> }>;
}

/** The problems that axe finds on the current page, with their location. Injected by the driver, past the page's policy. */
export async function violations(page: Page): Promise<string[]> {
  const { violations: found } = (await page.evaluate(
    `${source}; axe.run(document, { resultTypes: ["violations"] })`,
  )) as Results;
  return found.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 160)}: ${node.failureSummary}`),
  );
}
