// The architecture, checked on the source: allowed imports, and that every handler exists.
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { betweenFolders, cyclesOf, importsOf, importsWithin } from "./support/imports.ts";

const root = path.resolve(import.meta.dirname, "..");

/** What each package may import of the others. `npm packages` are always allowed; `core/api types` are `import type` only. */
const ALLOWED: Record<string, string[]> = {
  models: [],
  labels: ["models"],
  core: ["models", "labels", "overlay", "statistics"],
  functions: ["core", "models"],
  api: ["core", "models"],
  cli: ["core", "models", "labels", "inference", "samples"],
  inference: [],
  local: [],
  overlay: [],
  statistics: [],
  web: ["overlay"],
  serve: ["inference", "statistics"],
  probe: ["inference", "samples"],
  torch: [],
  samples: [],
};
/** Allowed besides, with the reason. */
const EXCEPTIONS: Array<{ from: string; to: string; only: RegExp; why: string }> = [
  { from: "cli", to: "api", only: /^import type /, why: "the client is typed by the API's routes" },
  { from: "web", to: "api", only: /^import type /, why: "the client is typed by the API's routes" },
  { from: "cli", to: "api", only: /\/client\//, why: "the client of live updates" },
  { from: "web", to: "api", only: /\/client\//, why: "the client of live updates" },
  { from: "web", to: "core", only: /^import type /, why: "what the API answers is shaped there" },
  { from: "cli", to: "web", only: /\/site\//, why: "`sluice start` publishes the built page here" },
  { from: "cli", to: "local", only: /\bimport\(/, why: "the embedded AWS is loaded only by `sluice start`" },
];

const sources = globSync("{packages,containers}/*/src/**/*.{ts,tsx}", { cwd: root }).filter(
  (file) => !/\.test\.tsx?$/.test(file),
);

const importsIn = (file: string) => importsOf(readFileSync(path.join(root, file), "utf8"));

test("packages import only what the architecture allows", () => {
  const wrong: string[] = [];
  for (const file of sources) {
    const from = file.split(path.sep)[1]!;
    for (const { statement, target } of importsIn(file)) {
      const to = target.startsWith("@sluice/") ? target.split("/")[1]! : packageOf(file, target);
      if (!to || to === from || ALLOWED[from]?.includes(to)) continue;
      if (
        EXCEPTIONS.some(
          (exception) => exception.from === from && exception.to === to && exception.only.test(statement),
        )
      )
        continue;
      wrong.push(`${file} imports ${target}`);
    }
  }
  expect(wrong).toEqual([]);
});

/** Schema files of core: entities, events, and the schemas that they are made of. Any folder may import them. */
const isSchema = (file: string) => /\.(entity|event)\.ts$/.test(file) || /^(\w+)\/\1\.ts$/.test(file);

test("schema files of core import only schema files and root modules", () => {
  const core = path.join(root, "packages/core/src");
  const files = globSync("**/*.ts", { cwd: core });
  const entities = new Set(files.filter((file) => file.endsWith(".entity.ts")));
  const isSchemaFile = (file: string) =>
    isSchema(file) || entities.has(file.replace(/\.ts$/, ".entity.ts")) || !file.includes(path.sep);
  const bound = files.filter(
    (file) => /\.(entity|event)\.ts$/.test(file) || entities.has(file.replace(/\.ts$/, ".entity.ts")),
  );
  const wrong = bound.flatMap((file) =>
    importsIn(path.join("packages/core/src", file))
      .filter(({ target }) => target.startsWith("."))
      .map(({ target }) => path.join(path.dirname(file), target))
      .filter((target) => !isSchemaFile(target))
      .map((target) => `${file} imports ${target}`),
  );
  expect(bound.length).toBeGreaterThan(20);
  expect(wrong).toEqual([]);
});

test("no source imports a test, and the embedded AWS does not use Sluice's terms", () => {
  const wrong = sources.filter((file) =>
    importsIn(file).some(({ target }) => /\.test\.ts$|(^|\/)test\//.test(target)),
  );
  expect(wrong).toEqual([]);
  const domain = globSync("packages/local/src/**/*.ts", { cwd: root }).filter((file) =>
    /sluice|prediction|blueprints/i.test(
      readFileSync(path.join(root, file), "utf8").replace(/\/\/.*|"?\.sluice"?/g, ""),
    ),
  );
  expect(domain).toEqual([]);
});

test("infra imports only the declared models, and the list of the page's files", () => {
  const wrong = globSync("infra/*.ts", { cwd: root }).flatMap((file) =>
    importsIn(file)
      .filter(
        ({ target }) =>
          !target.startsWith("./") &&
          !target.startsWith("@sluice/models/") &&
          target !== "@sluice/web/site/files.ts" &&
          !target.startsWith("../packages/models/"),
      )
      .map(({ target }) => `${file} imports ${target}`),
  );
  expect(wrong).toEqual([]);
});

const packages = globSync("{packages,containers}/*/src", { cwd: root }).map((dir) => ({
  name: dir.split(path.sep)[1]!,
  dir: path.join(root, dir),
}));

describe.each(packages)("$name", ({ name, dir }) => {
  const edges = importsWithin(dir, `@sluice/${name}`);

  test("has no cycle of value imports between its folders", () => {
    const counted = name === "core" ? edges.filter(({ to }) => !isSchema(to)) : edges;
    expect(cyclesOf(betweenFolders(counted))).toEqual([]);
  });

  test("has no cycle between its files, type imports included", () => {
    expect(cyclesOf(edges)).toEqual([]);
  });
});

test("every handler the graph names exists and exports its function", () => {
  const lock = JSON.parse(readFileSync(path.join(root, "infra/cloud.lock.json"), "utf8")) as {
    functions: Record<string, { handler: string }>;
  };
  const handlers = Object.values(lock.functions).map((source) => source.handler);
  expect(handlers.length).toBeGreaterThan(0);
  for (const handler of new Set(handlers)) {
    const file = handler.replace(/\.(\w+)$/, ".ts");
    const name = handler.split(".").at(-1)!;
    expect(readFileSync(path.join(root, file), "utf8"), handler).toMatch(
      new RegExp(`export (const|async function|function) ${name}\\b`),
    );
  }
});

test("a file is short, or says at its top why it is not", () => {
  const long = sources.filter((file) => {
    const lines = readFileSync(path.join(root, file), "utf8").split("\n");
    return lines.length > 300 && !lines.slice(0, 12).some((line) => /long because/i.test(line));
  });
  expect(long).toEqual([]);
});

test("the lockfile records no download address", () => {
  expect(readFileSync(path.join(root, "package-lock.json"), "utf8")).not.toMatch(/"resolved": "http/);
});

function packageOf(file: string, target: string): string | undefined {
  if (!target.startsWith(".")) return undefined;
  const [top, name] = path.relative(root, path.resolve(root, path.dirname(file), target)).split(path.sep);
  return top === "packages" || top === "containers" ? name : undefined;
}
