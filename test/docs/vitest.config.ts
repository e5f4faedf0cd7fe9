// The commands of README.md and docs/, run in order: `npm run test:docs`. Separate from `npm test`, because it takes minutes.
import path from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: path.resolve(import.meta.dirname, "../.."),
  test: {
    include: ["test/docs/*.test.ts"],
    reporters: ["default", "./test/support/closing-line.ts"],
    setupFiles: ["test/support/strict.ts"],
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
