import { observe } from "@sluice/core/endpoint/change.ts";
import { onChange } from "@sluice/core/endpoint/on-change.ts";

export async function handler(event: unknown) {
  await onChange(observe(event), Date.now());
}
