// Labels become predictions and nobody says a word in between: the declaration of `vehicles` asks for a training after 200
// new labels, and for a deployment of what is good enough.
import type { Import } from "@sluice/core/label/import.ts";
import type { Trace } from "@sluice/core/trace/trace.ts";
import type { TrainingRun } from "@sluice/core/training/training.ts";
import { mapConcurrently } from "@sluice/core/util/map-concurrently.ts";
import { listDecisions } from "@sluice/core/retrain/decisions.ts";
import { getTraffic } from "@sluice/core/deployment/read.ts";
import { listRuns } from "@sluice/core/training/read.ts";
import { getVersion } from "@sluice/core/version/read.ts";
import { byName } from "@sluice/models/index.ts";
import { random } from "@sluice/samples/toolkit/random.ts";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startStage, type Stage } from "../support/cloud.ts";
import { until } from "../support/until.ts";

const model = "vehicles";
const { classes, retrain } = byName(model)!;
const minimumNewLabels = retrain!.minimumNewLabels;
const colours = ["#f02020", "#20d020", "#2040f0", "#f0e020", "#101010"];
/** Pixels. */
const SIDE = 64;
const patience = 180_000;

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
}, 120_000);
afterAll(() => stage.dispose());

/** Blots in a class's own colour, somewhere on some ground. */
async function picture(index: number) {
  const { between, int } = random("chain", index);
  const kind = index % classes.length;
  const blots = Array.from({ length: 5 }, () => {
    const [x, y, r] = [between(0, SIDE), between(0, SIDE), between(6, 14)];
    return `<circle cx="${x}" cy="${y}" r="${r}" fill="${colours[kind]}"/>`;
  });
  const ground = `<rect width="100%" height="100%" fill="hsl(${int(0, 360)},20%,${int(40, 70)}%)"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE}" height="${SIDE}">${ground}${blots.join("")}</svg>`;
  return { label: classes[kind]!, bytes: await sharp(Buffer.from(svg)).jpeg().toBuffer() };
}

const get = async <T>(route: string) => (await stage.api(route)).json() as Promise<T>;

test(
  "an uploaded label file leads to a dataset, a training, an evaluation and an endpoint",
  async () => {
    const indexes = Array.from({ length: minimumNewLabels }, (_, index) => index);
    const rows = await mapConcurrently(8, indexes, async (index) => {
      const { bytes, label } = await picture(index);
      const { key } = await stage.upload(`data/${model}/${label}/${index}.jpg`, bytes);
      return { key, label };
    });
    const lines = rows.map(({ key, label }) => `${key},${label}`);
    const dropped = await stage.upload(`labels/${model}/first.csv`, ["file,label", ...lines].join("\n"));

    const live = await until(async () => {
      const [run] = (await listRuns({ model })).items;
      const { version } = await getTraffic(model);
      if (version) return version;
      throw new Error(JSON.stringify(run));
    }, patience);
    const { items } = await listRuns({ model });
    expect(items).toMatchObject([
      { status: "Completed", requestedBy: "retrain: new labels" },
    ] satisfies Partial<TrainingRun>[]);
    const version = await getVersion(model, live);
    expect(version).toMatchObject({ status: "accepted", run: items[0]!.name, dataset: items[0]!.dataset });

    const unseen = await picture(minimumNewLabels + 1);
    const upload = await stage.upload(`uploads/${model}/unseen.jpg`, unseen.bytes);
    const made = await stage.prediction(upload.idFor(model));
    expect(made).toMatchObject({ modelVersion: live });

    // From any end the whole chain.
    const [decision] = (await listDecisions({ model, limit: 1 }, Date.now())).items;
    const [first] = rows;
    const { items: imports } = await get<{ items: Import[] }>(`/labels/${model}/imports`);
    const traceOf = (id: string) => get<Trace>(`/trace?id=${encodeURIComponent(id)}`);
    const { links, gaps } = await traceOf(first!.key);
    expect(gaps).toEqual([]);
    const deployment = links.find(({ kind }) => kind === "deployment")!.id;
    expect(links.map(({ kind, id, from }) => ({ kind, id, from }))).toEqual([
      { kind: "label", id: first!.key, from: imports[0]!.id },
      { kind: "import", id: imports[0]!.id, from: undefined },
      { kind: "dataset", id: version.dataset, from: first!.key },
      { kind: "run", id: version.run, from: version.dataset },
      { kind: "version", id: live, from: version.run },
      { kind: "deployment", id: deployment, from: live },
      { kind: "endpoint", id: made.endpoint, from: deployment },
      { kind: "prediction", id: made.id, from: deployment },
      { kind: "decision", id: decision!.id, from: undefined },
    ]);
    expect(links[1]!.what).toContain(dropped.key);

    // From the upload to the version that made its prediction, and from each record of the chain to all the others.
    const ofUpload = (await traceOf(upload.key)).links;
    const label = ofUpload.find(({ kind }) => kind === "label")!.id;
    const chain = links.map((link) => (link.kind === "label" ? label : link.id));
    const events = ofUpload.flatMap((link) => link.events.map(({ id }) => id));
    expect(events.length).toBeGreaterThan(5);
    const uri = (key: string) => `s3://${made.source.bucket}/${key}`;
    for (const id of [...chain, ...events, upload.key, uri(upload.key), uri(label), version.packageUri]) {
      const reached = (await traceOf(id)).links.map((link) => link.id);
      expect({ id, missing: chain.filter((one) => !reached.includes(one)) }).toEqual({ id, missing: [] });
    }
  },
  patience + 60_000,
);
