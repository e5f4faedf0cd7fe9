// Runs the fixtures of this folder; only strict.test.ts starts it.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["*.fixture.ts"],
    setupFiles: ["../strict.ts"],
    testTimeout: 60_000,
  },
});
