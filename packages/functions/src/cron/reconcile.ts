import { reconcile } from "@sluice/core/reconcile/reconcile.ts";

export async function handler() {
  await reconcile(Date.now());
}
