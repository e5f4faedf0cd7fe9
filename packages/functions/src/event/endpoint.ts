import { observe } from "@sluice/core/endpoint/change.ts";
import { react } from "@sluice/core/endpoint/react.ts";

export async function handler(event: unknown) {
  await react(observe(event), Date.now());
}
