// The built images of the containers: `.ci/images.sh` builds them and runs these tests. Apart from `npm test`, which needs
// no root.
import path from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: path.resolve(import.meta.dirname, "../.."),
  test: {
    include: ["test/images/*.test.ts"],
    reporters: ["default", "./test/support/closing-line.ts"],
    setupFiles: ["test/support/strict.ts"],
    maxWorkers: 1,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
