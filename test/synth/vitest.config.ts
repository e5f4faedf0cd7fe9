// With SST's platform: `npm run synth && npm run test:synth`. Apart from `npm test`, which must pass without it.
import path from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: path.resolve(import.meta.dirname, "../.."),
  test: {
    include: ["test/synth/*.test.ts"],
    reporters: ["default", "./test/support/closing-line.ts"],
    setupFiles: ["test/support/strict.ts"],
    testTimeout: 180_000,
    hookTimeout: 60_000,
  },
});
