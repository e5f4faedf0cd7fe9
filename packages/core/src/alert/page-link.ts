import { linked } from "../aws/link.ts";
import { runsLocally } from "../aws/runs-locally.ts";

/** URL of a part of the page: its routes are in the fragment. */
export function pageLink(parts: string[]): string {
  const scheme = runsLocally() ? "http" : "https";
  return `${scheme}://${linked("Page", "domain")}/#/${parts.map(encodeURIComponent).join("/")}`;
}
