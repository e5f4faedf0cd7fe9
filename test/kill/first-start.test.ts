// A first start that is killed at any stage is completed by the next one, and leaves no process behind.
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { SAMPLE_MODELS } from "@sluice/cli/sample/package.ts";
import { afterAll, expect, test } from "vitest";
import { launch, start } from "../cli/sluice.ts";
import { noneLeftOf } from "../support/processes.ts";

const folder = mkdtempSync(path.join(tmpdir(), "sluice-first-"));
const dir = path.join(folder, "state");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Kills a start once it has printed this. */
async function killAt(pattern: RegExp) {
  const child = launch(["start", "--port", "0", "--dir", dir]);
  const gone = once(child, "exit");
  const printed: string[] = [];
  const read = (async () => {
    for await (const line of createInterface({ input: child.stderr })) {
      printed.push(line);
      if (pattern.test(line)) return;
    }
    throw new Error(`No line matches ${pattern}:\n${printed.join("\n")}`);
  })();
  child.stdout.resume();
  await read.finally(() => child.kill("SIGKILL"));
  await gone;
  await noneLeftOf(dir);
}

interface Listed {
  status: string;
  source: { key: string };
}

test("kill -9 during the deployment and the predictions of the samples loses and duplicates none", async () => {
  await killAt(/the API are running/);
  await killAt(/the page is at/);
  await killAt(/is live on/);

  for (let round = 0; round < 2; round++) {
    const cloud = await start(["--port", "0", "--dir", dir]);
    try {
      for (const model of SAMPLE_MODELS) {
        const answer = await fetch(`${cloud.state.api}/predictions?model=${model}`, {
          headers: { authorization: `Bearer ${cloud.state.token}` },
        });
        const { items } = (await answer.json()) as { items: Listed[] };
        const files = items.map(({ source }) => source.key.replace(/^.*\/\w{8}-/, ""));
        expect(files, model).toHaveLength(4);
        expect(new Set(files).size, model).toBe(4);
        expect(items.filter(({ status }) => !/completed|rejected/.test(status))).toEqual([]);
      }
    } finally {
      await cloud.stop();
    }
    await noneLeftOf(dir);
  }
}, 180_000);
