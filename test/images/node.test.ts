// The images `serve` and `probe` with real models, data and jobs.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pack, unpack } from "@sluice/inference/archive.ts";
import { generate } from "@sluice/samples/generate.ts";
import { trainedArchive } from "@sluice/samples/trained.ts";
import { writeSamples } from "@sluice/samples/write.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../support/serving.ts";
import { until } from "../support/until.ts";
import { prepareFolders, runContainer, startContainer, users } from "./container.ts";

const folder = mkdtempSync(path.join(tmpdir(), "sluice-images-"));
const running: ReturnType<typeof startContainer>[] = [];
afterAll(() => {
  for (const child of running) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

const MODEL = "vehicles";
const TRAIN = 60;
const VALIDATION = 30;
const PICTURES = 10;
const channels = path.join(folder, "data");

beforeAll(async () => {
  await writeSamples(MODEL, path.join(channels, "train"), { seed: 3, from: 0, count: TRAIN });
  await writeSamples(MODEL, path.join(channels, "validation"), { seed: 3, from: TRAIN, count: VALIDATION });
});

describe.each(users)("as %s", (_, user) => {
  test("serve answers /ping and classifies pictures, and writes nowhere but /tmp", async () => {
    const optMl = path.join(folder, `serve-${user}`);
    await unpack(trainedArchive(MODEL), path.join(optMl, "model"));
    prepareFolders(optMl, 0, []);
    const port = await freePort();
    const env = { SAGEMAKER_BIND_TO_PORT: String(port) };
    const child = startContainer("serve", { user, optMl, readOnly: ["model"], env });
    running.push(child);
    const url = `http://127.0.0.1:${port}`;
    await until(async () => expect((await fetch(`${url}/ping`)).status).toBe(200));
    let right = 0;
    for await (const { bytes, label } of generate(MODEL, { seed: 9, from: 0, count: PICTURES })) {
      const headers = { "content-type": "image/jpeg" };
      const answer = await fetch(`${url}/invocations`, { method: "POST", body: bytes as BodyInit, headers });
      expect(answer.status).toBe(200);
      const { predictions } = (await answer.json()) as { predictions: { class: string }[] };
      if (predictions[0]!.class === label) right += 1;
    }
    // Of five classes.
    expect(right).toBeGreaterThanOrEqual(0.6 * PICTURES);
  });

  test("probe trains a package, and the program evaluate of serve measures it", async () => {
    const optMl = path.join(folder, `probe-${user}`);
    await cp(channels, path.join(optMl, "input/data"), { recursive: true });
    prepareFolders(optMl, user, ["input/config", "model", "output", "checkpoints"]);
    writeFileSync(
      path.join(optMl, "input/config/hyperparameters.json"),
      JSON.stringify({ model: MODEL, epochs: "12" }),
    );
    const trained = await runContainer("probe", { user, optMl, readOnly: ["input"] });
    expect(trained.log).toMatch(/epoch=12; .*validation:accuracy=/);
    expect(trained.code).toBe(0);
    expect(existsSync(path.join(optMl, "output/failure"))).toBe(false);

    const job = path.join(folder, `evaluate-${user}`);
    const input = path.join(job, "processing/input");
    await cp(path.join(channels, "validation"), path.join(input, "test"), { recursive: true });
    prepareFolders(job, user, ["processing/input/package", "processing/input/dataset", "processing/output"]);
    await pack(path.join(optMl, "model"), path.join(input, "package/model.tar.gz"));
    const lines: string[] = [];
    for await (const { name, label } of generate(MODEL, { seed: 3, from: TRAIN, count: VALIDATION }))
      lines.push(JSON.stringify({ file: `${label}/${name}`, label }));
    writeFileSync(path.join(input, "dataset/test.jsonl"), lines.join("\n"));
    const start = { program: ["evaluate"], user, optMl: job, readOnly: ["processing/input"] };
    const evaluated = await runContainer("serve", start);
    expect(evaluated).toMatchObject({ code: 0, log: expect.stringContaining("final; ") });
    const figures = JSON.parse(readFileSync(path.join(job, "processing/output/evaluation.json"), "utf8"));
    const metrics = JSON.parse(readFileSync(path.join(optMl, "model/metrics.json"), "utf8"));
    expect(figures).toMatchObject({ samples: VALIDATION, accuracy: metrics.accuracy });
  });
});
