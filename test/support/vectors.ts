// Behaviour recorded from AWS itself. It is data of others and no part of this repository: CI lays it beside the checkout.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

/**
 * The recorded cases of a file in `../shared/vectors`. Without it, undefined: the caller runs its own cases.
 * CI fails without it, unless SLUICE_VECTORS=own.
 */
export function readVectors<Case>(name: string): Case[] | undefined {
  const file = path.resolve(import.meta.dirname, "../../../shared/vectors", name);
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as Case[];
  if (process.env["CI"] === "true" && process.env["SLUICE_VECTORS"] !== "own")
    throw new Error(`${file} does not exist. Lay the recorded cases there, or set SLUICE_VECTORS=own.`);
  process.stdout.write(`${name} is not beside this checkout: own cases run instead of recorded ones.\n`);
  return undefined;
}
