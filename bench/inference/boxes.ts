// Postprocessing alone: 25,200 x 85 candidates to final boxes, compared with a simple implementation with objects.
import { decodeDetections, toDetections } from "@sluice/inference/output/detections.ts";
import { fitToInput } from "@sluice/inference/image/geometry.ts";
import { parseManifest } from "@sluice/inference/package.ts";
import { random } from "@sluice/samples/toolkit/random.ts";
import type { Report } from "../run/measurement.ts";
import { quantile } from "../support/table.ts";

const ROWS = 25_200;
const KINDS = 80;
const FIELDS = 5 + KINDS;

const manifest = parseManifest(
  JSON.stringify({
    format: 1,
    model: "boxes",
    version: "bench",
    task: "object-detection",
    classes: Array.from({ length: KINDS }, (_, at) => `class ${at}`),
    input: { kind: "image", width: 640, height: 640, resize: "letterbox" },
    output: { head: "yolov5" },
  }),
);
const geometry = fitToInput({ width: 1280, height: 960 }, { width: 640, height: 640, resize: "letterbox" });

/** `rounds`: how often each is timed. */
export function run(rounds: number, report: Report): Promise<void> {
  const rows = [];
  const wrong: string[] = [];
  for (const share of [0.002, 0.02, 0.1]) {
    const data = candidates(share);
    const output = { data, dims: [1, ROWS, FIELDS] };
    const ours = time(rounds, () => decodeDetections(output, manifest, geometry));
    const plain = time(rounds, () => simpleDetect(data));
    const found = toDetections(ours.result, manifest.classes);
    rows.push({
      "above the threshold": Math.round(ROWS * share),
      boxes: found.length,
      "ours p50 ms": ours.ms,
      "simple p50 ms": plain.ms,
      faster: plain.ms / ours.ms,
    });
    const [mine, reference] = [
      found.map((one) => `${one.class} ${one.confidence}`),
      plain.result.map(({ classIndex, score }) => `${manifest.classes[classIndex]} ${score}`),
    ];
    if (mine.join() !== reference.join())
      wrong.push(`${mine.length} and ${reference.length} boxes for a share of ${share}`);
  }
  report({ title: `${ROWS} x ${FIELDS} candidates to boxes`, rows });
  if (wrong.length > 0) throw new Error(`The two implementations disagree: ${wrong.join("; ")}.`);
  return Promise.resolve();
}

function time<T>(rounds: number, work: () => T) {
  const times: number[] = [];
  let result: T;
  for (let round = 0; round < rounds; round++) {
    const started = performance.now();
    result = work();
    times.push(performance.now() - started);
  }
  return { result: result!, ms: quantile(times, 0.5) };
}

function candidates(share: number): Float32Array {
  const chance = random("boxes", share);
  const data = new Float32Array(ROWS * FIELDS);
  for (let row = 0; row < ROWS; row++) {
    const [width, height] = [chance.between(20, 200), chance.between(20, 200)];
    data.set(
      [chance.between(100, 540), chance.between(100, 540), width, height, chance.chance(share) ? 0.9 : 0.05],
      row * FIELDS,
    );
    for (let kind = 0; kind < KINDS; kind++) data[row * FIELDS + 5 + kind] = chance.next() * 0.2;
    data[row * FIELDS + 5 + chance.int(0, KINDS - 1)] = chance.between(0.5, 1);
  }
  return data;
}

interface ScoredBox {
  classIndex: number;
  score: number;
  box: [number, number, number, number];
}

/** An object for each box; filters, sorts and compares all. */
function simpleDetect(data: Float32Array): ScoredBox[] {
  const { confidence, iou, maxDetections } = manifest.thresholds;
  const all: ScoredBox[] = [];
  for (let row = 0; row < ROWS; row++) {
    const values = data.subarray(row * FIELDS, (row + 1) * FIELDS);
    const scores = values.subarray(5);
    const best = scores.reduce((most, score) => Math.max(most, score), 0);
    const [x, y, width, height] = [values[0]!, values[1]!, values[2]!, values[3]!];
    all.push({
      classIndex: scores.indexOf(best),
      score: Math.fround(values[4]! * best),
      box: [x - width / 2, y - height / 2, x + width / 2, y + height / 2],
    });
  }
  const kept: ScoredBox[] = [];
  for (const one of all.filter(({ score }) => score > confidence).sort((a, b) => b.score - a.score))
    if (!kept.some((other) => other.classIndex === one.classIndex && overlap(one.box, other.box) > iou))
      kept.push(one);
  return kept.slice(0, maxDetections);
}

function overlap(a: ScoredBox["box"], b: ScoredBox["box"]): number {
  const width = Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0]));
  const height = Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]));
  const union = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - width * height;
  return (width * height) / union;
}
