// Refuses dependencies under the AGPL: `node scripts/licences.ts`. Checks the lockfile of npm, and the Python environment
// of the container torch if it is installed.
import { existsSync, readFileSync } from "node:fs";
import { stampFile, torchFolder } from "@sluice/core/training/torch/environment.ts";
import { npmLicences } from "./licences/npm.ts";
import { pipLicences } from "./licences/pip.ts";
import { refusedLicences, type Licensed } from "./licences/refuse.ts";
import { inProject } from "./synth/project.ts";

const groups: Record<string, Licensed[]> = {
  npm: npmLicences(readFileSync(inProject("package-lock.json"), "utf8")),
};
const stamp = stampFile(torchFolder());
if (existsSync(stamp)) groups["pip"] = pipLicences(JSON.parse(readFileSync(stamp, "utf8")).python as string);

const refused = Object.entries(groups).flatMap(([group, packages]) =>
  refusedLicences(packages).map(({ name, licence, reason }) => `${group}: ${name} (${licence}): ${reason}`),
);
for (const line of refused) console.error(line);
if (refused.length > 0) {
  console.error("Remove these dependencies: docs/licences.md says why.");
  process.exitCode = 1;
} else
  console.log(
    Object.entries(groups)
      .map(([group, packages]) => `${packages.length} packages of ${group}`)
      .join(" and "),
    "have accepted licences.",
  );
