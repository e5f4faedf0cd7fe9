// kill -9 at random moments of uploads, label imports, trainings and deployments. Afterwards no acknowledged request is lost,
// no record exists twice, and no process is left.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { paginateListObjectsV2 } from "@aws-sdk/client-s3";
import { listDeployments } from "@sluice/core/deployment/read.ts";
import { provision } from "@sluice/core/deployment/request.ts";
import { listImports } from "@sluice/core/label/imports.ts";
import { countLabels, streamLabels } from "@sluice/core/label/read.ts";
import { listPredictions } from "@sluice/core/prediction/list.ts";
import { isFinal } from "@sluice/core/prediction/prediction.ts";
import { listRuns } from "@sluice/core/training/read.ts";
import { hasEnded } from "@sluice/core/training/training.ts";
import { listVersions } from "@sluice/core/version/read.ts";
import { seededRandom } from "@sluice/local/kernel/random.ts";
import { expect, test } from "vitest";
import { operate } from "../support/operator.ts";
import { differently } from "../support/package.ts";
import { noneLeftOf } from "../support/processes.ts";
import { packageOf, sampleOf } from "../support/sample.ts";
import { startStandalone, type Standalone } from "../support/standalone.ts";
import { messagesIn } from "../support/queue.ts";
import { until } from "../support/until.ts";

/** A multiple of the kinds of long work, so that each kind is interrupted equally often. */
const ROUNDS = 12;
/** A message becomes a dead letter after five receives, and each kill may use one. */
const CALM_EVERY = 3;
const SEED = 20;
/** From the start of a round's uploads to its kill, ms. */
const MOMENTS = { first: 50, last: 2_500 };
const UPLOADS = 10;
const LABELS = 40;
const SERVED = "vehicles";
const LEARNED = "cats";
const ENDPOINT = `sluice-local-${SERVED}-serverless`;

const dataKey = (label: string, index: number) => `data/${LEARNED}/${label}/${index}.jpg`;

test("kill -9 during uploads, imports, trainings and deployments loses and duplicates nothing", async () => {
  const dir = mkdtempSync(path.join(tmpdir(), "sluice-rounds-"));
  const random = seededRandom(SEED);
  let cloud: Standalone = await startStandalone(dir);
  try {
    const stage = operate(cloud.place);
    const good = await packageOf(SERVED);
    await stage.deploy(SERVED);
    const pictures = await Promise.all(
      Array.from({ length: UPLOADS }, async (_, index) => (await sampleOf(SERVED, index)).bytes),
    );
    const labelled = await Promise.all(
      Array.from({ length: LABELS }, (_, index) => sampleOf(LEARNED, index)),
    );
    for (const [index, { bytes, label }] of labelled.entries())
      await stage.upload(dataKey(label, index), bytes);

    const acknowledged = {
      uploads: [] as string[],
      labels: [] as string[],
      trainings: [] as string[],
      deployments: [] as string[],
    };
    /** Each is cut short by the kill; what it had acknowledged before that counts. */
    const work = {
      async uploads(round: number) {
        await Promise.all(
          pictures.map(async (bytes, index) => {
            const key = `uploads/${SERVED}/round-${round}-${index}.jpg`;
            await stage.upload(key, bytes);
            acknowledged.uploads.push(key);
          }),
        );
      },
      async labels(round: number) {
        const lines = labelled.map(({ label }, index) => `${dataKey(label, index)},${label}`);
        const key = `labels/${LEARNED}/round-${round}.csv`;
        await stage.upload(key, ["file,label", ...lines].join("\n"));
        acknowledged.labels.push(key);
      },
      async training() {
        const answer = await stage.api(`/models/${LEARNED}/training`, {
          method: "POST",
          body: { container: "probe", epochs: 2 },
        });
        // Another round's training may still run.
        if (answer.ok) acknowledged.trainings.push(((await answer.json()) as { name: string }).name);
      },
      async deployment(round: number) {
        const bytes = await differently(good, { manifest: (given) => ({ ...given, training: { round } }) });
        const { version } = await stage.importPackage(SERVED, bytes);
        const { deployment } = await provision({ model: SERVED, version }, "owner", Date.now());
        if (deployment) acknowledged.deployments.push(deployment.id);
      },
    };
    const kinds = [work.labels, work.training, work.deployment];

    const everyPrediction = async () => {
      const found = [];
      for (let cursor: string | undefined, first = true; first || cursor; first = false) {
        const page = await listPredictions({ model: SERVED, limit: 100, cursor });
        found.push(...page.items);
        cursor = page.cursor;
      }
      return found;
    };
    const allEnded = () =>
      until(async () => {
        const open = (await everyPrediction()).filter(({ status }) => !isFinal(status));
        if (open.length > 0) throw new Error(`${open.length} predictions have not ended: ${open[0]!.id}`);
        const { visible, hidden, delayed } = await messagesIn(stage.sqs, stage.queueUrl(SERVED));
        if (visible + hidden + delayed > 0) throw new Error("The queue is not empty.");
      }, 120_000);

    for (let round = 0; round < ROUNDS; round++) {
      if (round % CALM_EVERY === CALM_EVERY - 1) await allEnded();
      // A training and a deployment go on by themselves once they are acknowledged: it is then that they are cut short.
      const long = kinds[round % kinds.length]!;
      if (long !== work.labels) await long(round);
      const cut = Promise.allSettled([work.uploads(round), long === work.labels && long(round)]);
      await wait(MOMENTS.first + random() * (MOMENTS.last - MOMENTS.first));
      await cloud.kill();
      await noneLeftOf(dir);
      cloud = await startStandalone(dir, cloud.port);
      await cut;
    }
    // One of each that is not cut short, whatever the moments were.
    await work.uploads(ROUNDS);
    await work.labels(ROUNDS);

    await allEnded();
    const stored: string[] = [];
    for await (const page of paginateListObjectsV2(
      { client: stage.s3 },
      { Bucket: stage.bucket, Prefix: `uploads/${SERVED}/` },
    ))
      stored.push(...(page.Contents ?? []).map(({ Key }) => Key!));
    expect(stored).toEqual(expect.arrayContaining(acknowledged.uploads));
    // A client repeats what was not acknowledged, so an object may have several versions: each is one upload.
    const records = await until(async () => {
      const found = await everyPrediction();
      expect(new Set(found.map(({ source }) => source.key))).toEqual(new Set(stored));
      return found;
    });
    expect(new Set(records.map(({ source }) => `${source.key} ${source.versionId}`)).size).toBe(
      records.length,
    );
    const wrong = records.filter(({ status }) => !/completed|rejected/.test(status));
    expect(
      wrong.map(
        ({ status, error, attempts }) => `${status} after ${attempts}: ${error?.code} ${error?.message}`,
      ),
    ).toEqual([]);
    const results = [];
    for await (const page of paginateListObjectsV2(
      { client: stage.s3 },
      { Bucket: stage.results, Prefix: "predictions/" },
    ))
      results.push(...(page.Contents ?? []));
    expect(results).toHaveLength(records.length);
    expect(await messagesIn(stage.sqs, stage.deadLettersUrl(SERVED))).toEqual({
      visible: 0,
      hidden: 0,
      delayed: 0,
    });

    await until(async () => {
      const { items } = await listImports({ model: LEARNED, limit: 100 });
      expect(items.map(({ source, status }) => `${source} ${status}`)).toEqual(
        items.map(({ source }) => `${source} done`),
      );
      expect(items.map(({ source }) => source)).toEqual(expect.arrayContaining(acknowledged.labels));
    });
    const labels = await Array.fromAsync(streamLabels(LEARNED));
    expect(labels.map(({ key, label }) => `${key} ${label}`).toSorted()).toEqual(
      labelled.map(({ label }, index) => `${dataKey(label, index)} ${label}`).toSorted(),
    );
    expect((await countLabels(LEARNED)).total).toBe(LABELS);

    await until(async () => {
      const { items } = await listRuns({ model: LEARNED, limit: 100 });
      expect(items.filter(({ status }) => !hasEnded(status)).map(({ status }) => status)).toEqual([]);
      expect(items.map(({ name }) => name)).toEqual(expect.arrayContaining(acknowledged.trainings));
    }, 120_000);
    await until(async () => {
      const { items } = await listDeployments({ model: SERVED, limit: 100 });
      expect(items.filter(({ status }) => status === "running").map(({ step }) => step)).toEqual([]);
      expect(items.map(({ id }) => id)).toEqual(expect.arrayContaining(acknowledged.deployments));
      const names = await stage.sagemakerNames("endpoint");
      expect(names.filter((name) => name.startsWith(`sluice-local-${SERVED}`))).toEqual([ENDPOINT]);
    }, 120_000);
    const brought = (await listVersions({ model: SERVED, limit: 100 })).items.map(({ version }) => version);
    expect(new Set(brought).size).toBe(brought.length);
    expect(acknowledged.trainings.length, "trainings cut short").toBeGreaterThan(0);
    expect(acknowledged.deployments, "deployments cut short").toHaveLength(ROUNDS / kinds.length);
  } finally {
    await cloud.stop();
  }
  await noneLeftOf(dir);
  rmSync(dir, { recursive: true, force: true });
}, 300_000);
