// A function's code as `sst deploy` would ship it: SST's own esbuild options for the node runtime. For measuring.
import { mkdirSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { inProject } from "./project.ts";

export interface Bundle {
  handler: string;
  file: string;
  bytes: number;
  /** Bytes by package or project folder, the largest first. */
  parts: [string, number][];
}

/** `handler` is file and export, as in the graph: "packages/functions/src/queue/infer.handler". */
export async function bundle(handler: string, folder: string): Promise<Bundle> {
  const source = inProject(`${handler.slice(0, handler.lastIndexOf("."))}.ts`);
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${handler.replaceAll("/", "-").replace(/\.\w+$/, "")}.mjs`);
  const { metafile } = await build({
    entryPoints: [source],
    outfile: file,
    bundle: true,
    minify: true,
    keepNames: true,
    platform: "node",
    target: "esnext",
    format: "esm",
    mainFields: ["module", "main"],
    external: ["sharp", "pg-native"],
    metafile: true,
    logLevel: "error",
    banner: {
      js: [
        `import { createRequire as topLevelCreateRequire } from "module";`,
        `const require = topLevelCreateRequire(import.meta.url);`,
        `import { fileURLToPath as topLevelFileUrlToPath, URL as topLevelURL } from "url";`,
        `const __filename = topLevelFileUrlToPath(import.meta.url);`,
        `const __dirname = topLevelFileUrlToPath(new topLevelURL(".", import.meta.url));`,
      ].join(""),
    },
  });
  const output = Object.values(metafile.outputs)[0]!;
  const parts = new Map<string, number>();
  for (const [input, { bytesInOutput }] of Object.entries(output.inputs)) {
    const part = partOf(input);
    parts.set(part, (parts.get(part) ?? 0) + bytesInOutput);
  }
  return { handler, file, bytes: output.bytes, parts: [...parts].toSorted(([, a], [, b]) => b - a) };
}

function partOf(input: string): string {
  const [, name] = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/.exec(input) ?? [];
  return name ?? input.split("/").slice(0, 2).join("/");
}
