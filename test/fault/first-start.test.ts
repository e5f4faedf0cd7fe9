// A first start that is killed at any stage is completed by the next one, and leaves no process behind.
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { SAMPLE_MODELS } from "@sluice/cli/sample/package.ts";
import { afterAll, expect, test } from "vitest";
import { launch, start } from "../cli/sluice.ts";
import { noneLeftOf } from "../support/processes.ts";
import { packageOf } from "../support/sample.ts";

const folder = mkdtempSync(path.join(tmpdir(), "sluice-first-"));
const dir = path.join(folder, "state");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Kills a start once it has printed this. */
async function killAt(pattern: RegExp) {
  const child = launch(["start", "--port", "0", "--dir", dir]);
  const gone = once(child, "exit");
  const said: string[] = [];
  const read = (async () => {
    for await (const line of createInterface({ input: child.stderr })) {
      said.push(line);
      if (pattern.test(line)) return;
    }
    throw new Error(`It never came to ${pattern}:\n${said.join("\n")}`);
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

test("kill -9 while it trains, deploys and shows its samples loses and doubles none of them", async () => {
  await killAt(/the API are running/);
  // Trained once for all tests: what follows is about the rest of the start.
  for (const model of SAMPLE_MODELS) {
    mkdirSync(path.join(dir, "samples", model), { recursive: true });
    writeFileSync(path.join(dir, "samples", model, "model.tar.gz"), await packageOf(model));
  }
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
}, 240_000);
