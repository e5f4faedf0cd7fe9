// Programs of a copy of the project.
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { text } from "node:stream/consumers";
import { environment } from "./sluice.ts";

export const launchIn = (root: string, program: string, ...args: string[]) =>
  spawn(process.execPath, [path.join(root, program), ...args], { cwd: root, env: environment });

export async function runIn(root: string, program: string, ...args: string[]) {
  const child = launchIn(root, program, ...args);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close") as Promise<[number]>,
  ]);
  return { stdout, stderr, code };
}
