import type { Licensed } from "./refuse.ts";

interface Lockfile {
  packages: Record<string, { license?: string; link?: boolean }>;
}

/** All packages of the lockfile but those of this project. */
export function npmLicences(lockfile: string): Licensed[] {
  const { packages } = JSON.parse(lockfile) as Lockfile;
  return Object.entries(packages)
    .filter(([path, { link }]) => path.startsWith("node_modules/") && !link)
    .map(([path, { license = "" }]) => ({ name: path.replace(/^.*node_modules\//, ""), licence: license }));
}
