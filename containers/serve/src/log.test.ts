import { spawn } from "node:child_process";
import path from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";

test("all lines arrive before the process exits, even more than a pipe holds", async () => {
  const program = `
    import { jsonLog } from ${JSON.stringify(path.join(import.meta.dirname, "log.ts"))};
    const { log, flush } = jsonLog("info");
    for (let at = 0; at < 3000; at++) log("info", "request", { at, path: "x".repeat(200) });
    await flush();
    process.exit(0);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = (await text(child.stdout)).trim().split("\n");
  expect(lines.map((line) => (JSON.parse(line) as { at: number }).at)).toEqual(
    Array.from({ length: 3000 }, (_, at) => at),
  );
});
