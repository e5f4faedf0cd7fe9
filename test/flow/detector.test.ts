// Evaluates a detector of a user on generated floor plans: package, samples and evaluation together.
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pack } from "@sluice/inference/archive.ts";
import { loadEngine } from "@sluice/inference/engine/engine.ts";
import { generate, generatorOf } from "@sluice/samples/generate.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeDetector } from "../support/detector.ts";
import { runProgram } from "../support/program.ts";

const EVALUATE = path.resolve(import.meta.dirname, "../../containers/serve/src/evaluate/main.ts");
const PLANS = { seed: 11, from: 0, count: 8 };

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "sluice-detector-"));
  await writeDetector(path.join(dir, "package"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

test("an evaluation measures how well an untrained detector finds the rooms of generated plans", async () => {
  const input = (...names: string[]) => path.join(dir, "processing/input", ...names);
  for (const folder of ["package", "dataset", "test/data"]) await mkdir(input(folder), { recursive: true });
  const lines: string[] = [];
  for await (const { name, bytes, boxes, width, height } of generate("blueprints", PLANS)) {
    await writeFile(input("test/data", name), bytes);
    lines.push(`${JSON.stringify({ file: `data/${name}`, boxes, width, height })}\n`);
  }
  await writeFile(input("dataset/test.jsonl"), lines.join(""));
  await pack(path.join(dir, "package"), input("package/model.tar.gz"));

  const { code } = await runProgram(EVALUATE, dir);
  expect(code).toBe(0);
  const evaluation = JSON.parse(
    await readFile(path.join(dir, "processing/output/evaluation.json"), "utf8"),
  ) as {
    samples: number;
    unreadable: unknown[];
    meanAveragePrecision: { at50: number; perClass: { class: string; at50: number }[] };
  };
  expect(evaluation).toMatchObject({ samples: PLANS.count, unreadable: [] });
  const found = Object.fromEntries(
    evaluation.meanAveragePrecision.perClass.map((one) => [one.class, one.at50]),
  );
  expect(Object.keys(found)).toEqual([...generatorOf("blueprints").classes]);
  expect(found["room"]).toBeGreaterThan(0.2);
  expect(found["door"]).toBe(0);
  expect(evaluation.meanAveragePrecision.at50).toBeCloseTo(found["room"]! / 7, 10);
});

test("its detections are rooms in pixels of the plan", async () => {
  const engine = await loadEngine(path.join(dir, "package"), { threads: 1 });
  try {
    const { bytes, width, height } = await generatorOf("blueprints").generate(11, 1);
    const answer = await engine.predict(bytes);
    expect(answer).toMatchObject({ task: "object-detection", image: { width, height } });
    if (answer.task !== "object-detection") return;
    expect(answer.detections.length).toBeGreaterThan(0);
    expect(new Set(answer.detections.map((one) => one.class))).toEqual(new Set(["room"]));
  } finally {
    await engine.close();
  }
});
