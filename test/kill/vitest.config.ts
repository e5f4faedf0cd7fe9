// kill -9 of the whole program, in minutes of rounds: `npm run test:kill`. Apart from `npm test`, which takes minutes already.
import path from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: path.resolve(import.meta.dirname, "../.."),
  test: {
    include: ["test/kill/*.test.ts"],
    reporters: ["default", "./test/support/closing-line.ts"],
    setupFiles: ["test/support/strict.ts"],
    // Each file starts whole clouds.
    maxWorkers: 1,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
