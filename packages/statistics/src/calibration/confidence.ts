import { requireFinite } from "../finite.ts";

export function requireConfidences(confidences: ArrayLike<number>): void {
  requireFinite(confidences, "confidences");
  for (let at = 0; at < confidences.length; at++)
    if (confidences[at]! < 0 || confidences[at]! > 1)
      throw new RangeError(
        `\`confidences\` has ${confidences[at]} at position ${at}; a confidence is 0 to 1.`,
      );
}
