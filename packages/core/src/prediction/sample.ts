// The random share of the predictions that is reviewed, so that the real accuracy is unbiased.
import { createHash } from "node:crypto";

const DIGITS = 12;

/** By a hash of the id, so that a repeated outcome decides the same. The prefix makes it independent of other shares. */
export function isSampled(id: string, share: number): boolean {
  const digest = createHash("sha256").update(`review ${id}`).digest("hex").slice(0, DIGITS);
  return Number.parseInt(digest, 16) < share * 16 ** DIGITS;
}
