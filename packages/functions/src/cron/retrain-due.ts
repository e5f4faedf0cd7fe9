import { checkAll } from "@sluice/core/retrain/check.ts";

export async function handler() {
  await checkAll(Date.now());
}
