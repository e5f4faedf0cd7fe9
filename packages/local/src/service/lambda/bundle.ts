// Bundles a handler from its source as SST's node runtime does, and again after one of its sources changed.
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, formatMessages, version, type BuildFailure, type Plugin } from "esbuild";

export interface Bundle {
  /** The function's working folder, with the module `bundle.mjs`. */
  folder: string;
  /** The digest of the code. */
  digest: string;
  export: string;
}

export class BuildFailed extends Error {}

interface Stamp {
  mtimeMs: number;
  size: number;
}

interface CachedBuild {
  builtBy: string;
  handler: string;
  bundle: Bundle;
  inputs: Record<string, Stamp>;
}

const EXTENSIONS = [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs"];

// CommonJS packages inside an ES module bundle expect these.
const BANNER = [
  'import { createRequire as topLevelCreateRequire } from "node:module";',
  "const require = topLevelCreateRequire(import.meta.url);",
  'import { fileURLToPath as topLevelFileUrlToPath, URL as topLevelURL } from "node:url";',
  "const __filename = topLevelFileUrlToPath(import.meta.url);",
  'const __dirname = topLevelFileUrlToPath(new topLevelURL(".", import.meta.url));',
].join("\n");

/** Old bundles are deleted after this time: longer than any invocation runs. */
const UNUSED_MS = 3_600_000;

/**
 * Bundles depend on the sources only, not on the state: they are stored with the installed packages, so that other clouds
 * use them too.
 */
export function bundleDir(root: string, state: string): string {
  const packages = join(root, "node_modules");
  return existsSync(packages) ? join(packages, ".cache/local-cloud") : state;
}

export function createBundler(root: string, dir: string) {
  const known = new Map<string, CachedBuild>();
  const running = new Map<string, Promise<Bundle>>();

  async function buildBundle(handler: string): Promise<Bundle> {
    const started = Date.now();
    const { file, exported } = locate(root, handler);
    const result = await build({
      entryPoints: [file],
      absWorkingDir: root,
      bundle: true,
      write: false,
      outfile: "bundle.mjs",
      metafile: true,
      platform: "node",
      target: "node24",
      format: "esm",
      mainFields: ["module", "main"],
      external: ["pg-native"],
      plugins: [native(root, "sharp")],
      keepNames: true,
      sourcemap: "linked",
      banner: { js: BANNER },
      logLevel: "silent",
    }).catch(async (failure: BuildFailure) => {
      const lines = await formatMessages(failure.errors ?? [], { kind: "error", color: false });
      throw new BuildFailed(`Could not build ${handler}:\n${lines.join("").trim() || failure.message}`, {
        cause: failure,
      });
    });
    const code = result.outputFiles.find((output) => output.path.endsWith(".mjs"))!;
    const map = result.outputFiles.find((output) => output.path.endsWith(".map"))!;
    const digest = createHash("sha256").update(code.contents).digest("hex").slice(0, 16);
    const folder = join(dir, folderOf(handler), digest);
    writeAtomically(folder, { "bundle.mjs": code.contents, "bundle.mjs.map": map.contents });
    const inputs: Record<string, Stamp> = {};
    for (const path of Object.keys(result.metafile.inputs)) {
      const stamp = stampOf(resolve(root, path));
      // Changed during the build: it is unknown what esbuild read, so the next call builds again.
      if (stamp) inputs[path] = stamp.mtimeMs > started ? { mtimeMs: 0, size: -1 } : stamp;
    }
    const built: CachedBuild = {
      builtBy: BUILDER,
      handler,
      bundle: { folder, digest, export: exported },
      inputs,
    };
    writeFileSync(join(dir, folderOf(handler), "build.json"), JSON.stringify(built));
    sweep(join(dir, folderOf(handler)), digest);
    known.set(handler, built);
    return built.bundle;
  }

  const isFresh = (built: CachedBuild, files: (path: string) => boolean) =>
    Object.entries(built.inputs).every(([path, was]) => {
      if (!files(path)) return true;
      const is = stampOf(resolve(root, path));
      return is?.mtimeMs === was.mtimeMs && is.size === was.size;
    });

  function findCached(handler: string): Bundle | undefined {
    const current = known.get(handler);
    // Installed packages do not change under a running cloud; the project's own sources do.
    if (current)
      return isFresh(current, (path) => !path.includes("node_modules/")) ? current.bundle : undefined;
    const stored = readStored(join(dir, folderOf(handler), "build.json"));
    if (stored?.builtBy !== BUILDER || stored.handler !== handler) return;
    if (!existsSync(join(stored.bundle.folder, "bundle.mjs")) || !isFresh(stored, () => true)) return;
    known.set(handler, stored);
    return stored.bundle;
  }

  return {
    /** The bundle of the current sources. */
    async get(handler: string): Promise<Bundle> {
      const building = running.get(handler);
      if (building) return building;
      const ready = findCached(handler);
      if (ready) return ready;
      const promise = buildBundle(handler).finally(() => running.delete(handler));
      running.set(handler, promise);
      return promise;
    },
    whenIdle: () => Promise.allSettled(running.values()),
  };
}

/** A package that cannot be bundled: imported from the project's installed packages. */
const native = (root: string, name: string): Plugin => ({
  name,
  setup({ onResolve }) {
    onResolve({ filter: new RegExp(`^${name}$`) }, ({ kind }) => {
      try {
        const path = createRequire(join(root, "package.json")).resolve(name);
        return { path: kind === "require-call" ? path : pathToFileURL(path).href, external: true };
      } catch {
        // Not installed: the function fails when it imports it.
        return { path: name, external: true };
      }
    });
  },
});

/** Functions with one handler share its bundle. */
const folderOf = (handler: string) => join("bundles", handler.replaceAll(/[^\w.-]+/g, "-"));

const BUILDER = `esbuild ${version}, layout 3`;

/** Bundles the workers' program to plain JavaScript: it starts faster. */
export async function buildBootstrap(file: string): Promise<string> {
  await build({
    entryPoints: [fileURLToPath(new URL("./bootstrap/main.ts", import.meta.url))],
    bundle: true,
    outfile: file,
    platform: "node",
    target: "node24",
    format: "esm",
    logLevel: "silent",
  });
  return file;
}

function locate(root: string, handler: string) {
  const dot = handler.lastIndexOf(".");
  const base = resolve(root, handler.slice(0, dot));
  const extension = EXTENSIONS.find((end) => existsSync(base + end));
  if (dot < 0 || !extension)
    throw new BuildFailed(
      `Handler ${handler} was not found: no ${handler.slice(0, dot)}${EXTENSIONS[0]} under ${root}.`,
    );
  return { file: base + extension, exported: handler.slice(dot + 1) };
}

function stampOf(path: string): Stamp | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat && { mtimeMs: stat.mtimeMs, size: stat.size };
}

function readStored(file: string): CachedBuild | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as CachedBuild;
  } catch {
    return; // Missing, or incomplete because the process was killed: build again.
  }
}

/** Creates the folder by renaming: two clouds may build the same bundle at once. */
function writeAtomically(folder: string, files: Record<string, Uint8Array>) {
  if (existsSync(folder)) return;
  const draft = `${folder}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(draft, name), content);
  try {
    renameSync(draft, folder);
  } catch (error) {
    rmSync(draft, { recursive: true });
    if (!existsSync(folder)) throw error;
  }
}

function sweep(folder: string, keep: string) {
  const old = Date.now() - UNUSED_MS;
  for (const entry of readdirSync(folder)) {
    if (entry === keep || entry === "build.json") continue;
    const { mtimeMs } = statSync(join(folder, entry), { throwIfNoEntry: false }) ?? { mtimeMs: old };
    if (mtimeMs < old) rmSync(join(folder, entry), { recursive: true, force: true });
  }
}
