// Runs before everything else, on whatever Node the machine has (20 or later), with nothing installed.
// Installs when node_modules is missing or older than the lockfile; otherwise costs a few milliseconds.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const marker = `${root}node_modules/.package-lock.json`;
const lock = `${root}package-lock.json`;
const node24 = `${root}node_modules/node/bin/node`;

const [major] = process.versions.node.split(".").map(Number);
if (major < 20) {
  console.error(
    `Sluice needs Node 20 or later to start; this is ${process.version}. Install a newer Node.js and try again.`,
  );
  process.exit(1);
}

const fresh = existsSync(node24) && existsSync(marker) && statSync(marker).mtimeMs >= statSync(lock).mtimeMs;
if (!fresh) {
  console.error("Installing dependencies (first start only) ...");
  // The engine warnings come from packages that need Node 24, which this command installs.
  const npm = spawnSync("npm", ["ci", "--loglevel=error", "--no-audit", "--no-fund"], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    shell: process.platform === "win32",
  });
  if (npm.status !== 0 || !existsSync(node24)) {
    console.error(
      "Installing failed. Check that the npm registry is reachable, then run the command again. `npm ci` shows the details.",
    );
    process.exit(npm.status || 1);
  }
}
