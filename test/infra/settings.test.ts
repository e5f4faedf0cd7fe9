import { afterEach, expect, it, vi } from "vitest";

afterEach(() => vi.unstubAllEnvs());

async function budgetOf(text: string | undefined): Promise<number> {
  vi.resetModules();
  vi.stubEnv("SLUICE_MONTHLY_BUDGET", text);
  return (await import("../../infra/settings.ts")).monthlyBudget;
}

it.each([
  [undefined, 100],
  ["", 100],
  [" ", 100],
  ["0", 0],
  ["250", 250],
])("reads the monthly budget %j as %d USD", async (text, budget) => {
  expect(await budgetOf(text)).toBe(budget);
});

it.each(["-1", "Infinity", "100 USD"])("refuses the monthly budget %s", async (text) => {
  await expect(budgetOf(text)).rejects.toThrow(`SLUICE_MONTHLY_BUDGET is "${text}". Set a number`);
});
