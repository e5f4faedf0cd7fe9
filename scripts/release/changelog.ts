const UNRELEASED = "## [Unreleased]";

/** Moves what is under "Unreleased" under the version; an empty "Unreleased" section stays. */
export function releaseChangelog(changelog: string, version: string, date: string): string {
  const start = changelog.indexOf(UNRELEASED);
  if (start === -1) throw new Error(`CHANGELOG.md has no section "${UNRELEASED}".`);
  if (unreleased(changelog) === "")
    throw new Error(`CHANGELOG.md has no text under "${UNRELEASED}". Add what users notice, then try again.`);
  const end = start + UNRELEASED.length;
  return `${changelog.slice(0, end)}\n\n## [${version}] - ${date}${changelog.slice(end)}`;
}

/** The text of the section. */
export function unreleased(changelog: string): string {
  const after = changelog.slice(changelog.indexOf(UNRELEASED) + UNRELEASED.length);
  const next = after.search(/^## /m);
  return (next === -1 ? after : after.slice(0, next)).trim();
}
