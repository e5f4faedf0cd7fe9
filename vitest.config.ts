import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { defineConfig } from "vitest/config";

// Every worker and child process loads the same modules: compile them once.
process.env["NODE_COMPILE_CACHE"] ??= path.join(import.meta.dirname, "node_modules/.cache/node-compile");

// Modules of the domain keep their links and clients, so a test that replaces any needs its own process.
const replacing = globSync("packages/{core,cli,functions}/src/**/*.test.ts", {
  cwd: import.meta.dirname,
}).filter((file) =>
  /\b(vi\.(mock|stubEnv|spyOn)|mockClient)\(/.test(
    readFileSync(path.join(import.meta.dirname, file), "utf8"),
  ),
);

export default defineConfig({
  test: {
    reporters: ["default", "./test/support/closing-line.ts"],
    setupFiles: ["test/support/strict.ts"],
    // Two cores, and the tests start child processes of their own.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // By name one after the other, so that a long file does not run alone at the end.
    projects: [
      {
        extends: true,
        test: {
          name: "apart",
          include: ["test/**/*.test.ts", ...replacing],
          exclude: ["test/{browser,images,kill,synth,torch}/**", "test/docs/pages.test.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "together",
          include: ["{packages,containers}/*/src/**/*.test.ts", "scripts/**/*.test.ts"],
          exclude: replacing,
          // A process of their own would cost most of these files more than they do.
          isolate: false,
        },
      },
    ],
  },
});
