// Ends every run with one line that people and machines can read: "N passed, N failed".
// In CI a skipped test fails the run: CI installs everything that a test may need.
import type { Reporter, TestModule } from "vitest/node";

export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]) {
    const count = { passed: 0, failed: 0, skipped: 0 };
    const skippedNames: string[] = [];
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const state = test.result().state;
        if (state !== "pending") count[state]++;
        if (state === "skipped") skippedNames.push(`${module.relativeModuleId}: ${test.fullName}`);
      }
      // A file that does not load has no tests to fail.
      if (module.errors().length > 0) count.failed++;
    }
    count.failed += errors.length;
    const skipped = count.skipped ? `, ${count.skipped} skipped` : "";
    if (process.env["CI"] === "true" && skippedNames.length > 0) {
      process.stdout.write(`\nTests must not be skipped in CI:\n  ${skippedNames.join("\n  ")}\n`);
      process.exitCode = 1;
    }
    process.stdout.write(`\n${count.passed} passed, ${count.failed} failed${skipped}\n`);
  }
}
