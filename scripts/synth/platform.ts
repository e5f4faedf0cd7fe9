// The SST platform (its components and Pulumi's SDK) as `sst install` lays it out under .sst/, from the npm registry alone.
import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { inProject, platform, root, stage } from "./project.ts";

const marker = path.join(platform, "sluice-installed.json");

export interface Provider {
  alias: string;
  package: string;
}

/** Installs the platform unless .sst/ already holds the one that sst.config.ts and the sst package ask for. */
export async function installPlatform(): Promise<Provider[]> {
  const wanted = JSON.stringify({ sst: sstVersion(), providers: declaredProviders() });
  if (!existsSync(marker) || readFileSync(marker, "utf8") !== wanted) {
    process.stderr.write("Installing the SST platform into .sst/ (once, about half a minute) ...\n");
    rmSync(inProject(".sst"), { recursive: true, force: true });
    await sstInstall();
    writeFileSync(marker, wanted);
  }
  return JSON.parse(readFileSync(inProject(".sst/provider-lock.json"), "utf8")) as Provider[];
}

export const sstVersion = (): string =>
  (JSON.parse(readFileSync(inProject("node_modules/sst/package.json"), "utf8")) as { version: string })
    .version;

/** As written in sst.config.ts: enough to see a change, without evaluating it. */
const declaredProviders = () =>
  /providers:\s*(\{[^}]*\})/.exec(readFileSync(inProject("sst.config.ts"), "utf8"))?.[1];

/**
 * `sst install` asks `pulumi version` and would download Pulumi, which evaluating resources never runs. A stand-in
 * that knows only its version serves the question, in a configuration home of its own so that no deploy meets it.
 */
async function sstInstall() {
  const home = mkdtempSync(path.join(os.tmpdir(), "sluice-synth-"));
  try {
    const bin = path.join(home, "sst", "bin");
    mkdirSync(bin, { recursive: true });
    writeFileSync(path.join(bin, "pulumi"), `#!/bin/sh\necho ${pulumiVersion()}\n`);
    chmodSync(path.join(bin, "pulumi"), 0o755);
    await run(inProject("node_modules/.bin/sst"), ["install", "--stage", stage], {
      ...process.env,
      XDG_CONFIG_HOME: home,
      SST_TELEMETRY_DISABLED: "1",
      SST_NO_BUN: "1",
    });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** sst wants the version it was built with: its binary names it in the paths of its own sources. */
function pulumiVersion(): string {
  const name = process.platform === "win32" ? "sst.exe" : "sst";
  const binary = createRequire(import.meta.url).resolve(
    `sst-${process.platform}-${process.arch}/bin/${name}`,
  );
  const found = /pulumi\/sdk\/v3@(v[\d.]+)\//.exec(readFileSync(binary, "latin1"));
  if (!found)
    throw new Error(
      `The sst package ${sstVersion()} has no Pulumi version where scripts/synth/platform.ts looks for it. Adapt that file.`,
    );
  return found[1]!;
}

async function run(command: string, args: string[], env: NodeJS.ProcessEnv) {
  const child = spawn(command, args, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += String(text)));
  const code = await new Promise<number | null>((done, failed) =>
    child.on("close", done).on("error", failed),
  );
  if (code !== 0)
    throw new Error(`\`${path.basename(command)} ${args.join(" ")}\` failed:\n${output.trim()}`);
}
