import { defineConfig } from "vitest/config";

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
          // The domain reads its links and makes its clients once, and tests put others in
          // their place; handlers and commands are tested with parts of them replaced.
          include: ["test/**/*.test.ts", "packages/{core,cli,functions}/src/**/*.test.ts"],
          exclude: ["test/browser/**", "test/docs/pages.test.ts", "test/torch/**"],
        },
      },
      {
        extends: true,
        test: {
          name: "together",
          include: ["{packages,containers}/*/src/**/*.test.ts", "scripts/**/*.test.ts"],
          exclude: ["packages/{core,cli,functions}/**"],
          // A process of their own would cost most of these files more than they do.
          isolate: false,
        },
      },
    ],
  },
});
