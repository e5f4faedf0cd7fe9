// `node scripts/release.ts major|minor|patch|X.Y.Z [--yes]`: versions, changelog, commit and tag.
// Without --yes it only prints what it would do.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { releaseChangelog, unreleased } from "./release/changelog.ts";
import { currentVersion, nextVersion, versionedFiles, writeVersion } from "./release/version.ts";

const USAGE = "Usage: node scripts/release.ts major|minor|patch|X.Y.Z [--yes]";

try {
  release(process.cwd(), process.argv.slice(2));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

function release(root: string, args: string[]) {
  const yes = args.includes("--yes");
  const [step, ...others] = args.filter((argument) => argument !== "--yes");
  if (!step || others.length > 0) throw new Error(USAGE);
  const git = (...command: string[]) => execFileSync("git", command, { cwd: root, encoding: "utf8" }).trim();

  const changed = git("status", "--porcelain");
  if (changed) throw new Error(`The working tree has changes. Commit or remove them first:\n${changed}`);
  const version = nextVersion(currentVersion(root), step);
  const tag = `v${version}`;
  if (git("tag", "--list", tag)) throw new Error(`The tag ${tag} exists. Choose another version.`);
  const file = path.join(root, "CHANGELOG.md");
  const changelog = readFileSync(file, "utf8");
  const date = new Date().toISOString().slice(0, 10);
  const released = releaseChangelog(changelog, version, date);
  const files = [...versionedFiles(root), "CHANGELOG.md"];

  console.log(
    `${currentVersion(root)} -> ${version}, in ${files.length} files\n\n${unreleased(changelog)}\n`,
  );
  if (!yes) return console.log(`Nothing was changed. Add --yes to write, commit and tag ${tag}.`);
  writeVersion(root, version);
  writeFileSync(file, released);
  git("add", "--", ...files);
  git("commit", "--quiet", "--message", `chore(release): ${version}`);
  git("tag", "--annotate", tag, "--message", `Sluice ${version}`);
  console.log(`Committed and tagged ${tag}. Publish it with: git push --follow-tags`);
}
