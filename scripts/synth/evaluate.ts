// Evaluates sst.config.ts with the real SST platform under Pulumi's mocks: no AWS, no Pulumi engine.
import crypto from "node:crypto";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";
import { installPlatform, type Provider } from "./platform.ts";
import { inProject, platform, root, stage } from "./project.ts";
import { startRpc, type Built } from "./rpc.ts";
import { answer, attributesOf, idOf } from "./tokens.ts";

export interface Evaluation {
  app: string;
  resources: { name: string; type: string; inputs: Record<string, unknown> }[];
  functions: Built[];
  /** What SST would end physical names with: random at a deploy, one constant here. */
  suffix: string;
}

interface Evaluated {
  config: { app(input: { stage: string }): { name: string }; run(): Promise<unknown> };
  run(program: () => Promise<unknown>): Promise<unknown>;
  physicalName(max: number, name: string): string;
}

export async function evaluate(): Promise<Evaluation> {
  const providers = await installPlatform();
  const app = await appName(providers);
  const rpc = await startRpc();
  const restore = fixRandomness();
  // Settings of one machine or one operator do not belong in the lock.
  for (const name of Object.keys(process.env)) if (name.startsWith("SLUICE_")) delete process.env[name];
  try {
    process.env["SST_SERVER"] = rpc.url;
    const { config, run, physicalName } = await load(providers, app);
    const resources = await register(app, () => run(config.run.bind(config)));
    return { app, resources, functions: rpc.built, suffix: physicalName(64, "x").slice(-9) };
  } finally {
    restore();
    await rpc.close();
  }
}

/** Runs a Pulumi program and collects what it registers. */
async function register(app: string, program: () => Promise<unknown>) {
  const pulumi = createRequire(path.join(platform, "package.json"))("@pulumi/pulumi") as {
    runtime: {
      setMocks(mocks: object, project: string, stack: string, preview: boolean): Promise<void>;
      runInPulumiStack(program: () => Promise<unknown>): Promise<unknown>;
      disconnect(): Promise<void>;
    };
  };
  const resources: Evaluation["resources"] = [];
  await pulumi.runtime.setMocks(
    {
      newResource({ type, name, inputs }: Evaluation["resources"][number]) {
        resources.push({ type, name, inputs });
        return { id: idOf(name), state: attributesOf(type, name, inputs) };
      },
      call: ({ token, inputs }: { token: string; inputs: Record<string, unknown> }) => answer(token, inputs),
    },
    app,
    stage,
    false,
  );
  const failures: unknown[] = [];
  const note = (error: unknown) => failures.push(error);
  process.on("unhandledRejection", note);
  try {
    await pulumi.runtime.runInPulumiStack(program);
    // Waits for registrations that outputs still caused after the program ended.
    await pulumi.runtime.disconnect();
  } finally {
    process.off("unhandledRejection", note);
  }
  if (failures.length > 0) throw failures[0];
  return resources;
}

/** The app's name is needed before its resources are: `$app` is a constant of the bundle that makes them. */
async function appName(providers: Provider[]): Promise<string> {
  const { config } = await load(providers, "app");
  return config.app({ stage }).name;
}

async function load(providers: Provider[], app: string): Promise<Evaluated> {
  const outfile = path.join(platform, `synth-${app}.mjs`);
  await bundle(outfile, providers, app);
  try {
    return (await import(`${pathToFileURL(outfile).href}?${crypto.randomUUID()}`)) as Evaluated;
  } finally {
    rmSync(outfile, { force: true });
  }
}

/** Bundles as `sst deploy` does: globals injected into the project's files, the platform's packages left outside. */
async function bundle(outfile: string, providers: Provider[], app: string) {
  mkdirSync(path.dirname(outfile), { recursive: true });
  const constants = {
    $app: { name: app, stage, home: "aws", removal: "remove", providers: {}, protect: false },
    $cli: {
      command: "deploy",
      dev: false,
      paths: { home: inProject(".sst"), root, work: inProject(".sst"), platform },
      state: { version: {} },
    },
    $dev: false,
  };
  await build({
    stdin: {
      contents: `
        export { run } from "${platform}/src/auto/run.ts";
        export { physicalName } from "${platform}/src/components/naming.ts";
        export { default as config } from "${root}/sst.config.ts";`,
      resolveDir: root,
      loader: "ts",
    },
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    mainFields: ["module", "main"],
    nodePaths: [path.join(platform, "node_modules")],
    external: ["@pulumi/*", "@pulumiverse/*", "@aws-sdk/*", "undici", "esbuild", "archiver", "glob", "vite"],
    define: Object.fromEntries(
      Object.entries(constants).map(([name, value]) => [name, JSON.stringify(value)]),
    ),
    inject: [path.join(platform, "src/shim/run.js")],
    banner: {
      js: `import { createRequire as $createRequire } from "node:module";
        const require = $createRequire(import.meta.url);
        const __filename = import.meta.filename, __dirname = import.meta.dirname;`,
    },
    plugins: [withGlobals(providers)],
    logLevel: "error",
  });
}

function withGlobals(providers: Provider[]): Plugin {
  const globals = [
    `import * as sst from "${platform}/src/components";`,
    ...providers.map(({ alias, package: name }) => `import * as ${alias} from "${name}";`),
  ].join("");
  return {
    name: "sst-globals",
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, ({ path: file }) => {
        if (file.includes("/.sst/") || file.includes("/node_modules/")) return undefined;
        return { contents: `${globals}\n${readFileSync(file, "utf8")}`, loader: "ts" };
      });
    },
  };
}

/** SST ends physical names with random letters; the same ones every time can be recognized and taken off. */
function fixRandomness(): () => void {
  const original = crypto.randomBytes;
  crypto.randomBytes = ((size: number) => Buffer.alloc(size)) as typeof crypto.randomBytes;
  return () => {
    crypto.randomBytes = original;
  };
}
