// Files and a label file are dropped; labels, then a dataset come of them, with the real functions, queues and rules.
import { gzipSync } from "node:zlib";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import type { Dataset } from "@sluice/core/dataset/dataset.ts";
import { getDataset } from "@sluice/core/dataset/read.ts";
import { findImport } from "@sluice/core/label/imports.ts";
import type { Label } from "@sluice/core/label/label.ts";
import { mapConcurrently } from "@sluice/core/util/map-concurrently.ts";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startStage, type Stage } from "../support/cloud.ts";
import { until } from "../support/until.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
}, 60_000);
afterAll(() => stage.dispose());

/** On a busy machine a function's first call alone takes seconds. */
const PATIENCE_MS = 120_000;

const CLASSES = ["car", "truck", "bus"];

/** A picture that looks like no other of another number. */
const picture = (number: number) => {
  const bars = Array.from({ length: 24 }, (_, at) => {
    const bright = ((number * 2_654_435_761 + at * 40_503 * (number + 7)) >>> 7) % 256;
    return `<rect x="${(at % 6) * 16}" y="${Math.floor(at / 6) * 16}" width="16" height="16" fill="rgb(${bright},${bright},${bright})"/>`;
  });
  return sharp(
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="96" height="64">${bars.join("")}</svg>`),
  )
    .jpeg()
    .toBuffer();
};

async function get<T>(route: string): Promise<T> {
  const answer = await stage.api(route);
  if (!answer.ok) throw new Error(`${route}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** Asked of the table, not of the API: a function called again and again would take the others' processor. */
const imported = (source: string, model = "vehicles") =>
  until(async () => {
    const found = await findImport(model, source);
    if (found?.status !== "done" && found?.status !== "failed") throw new Error(JSON.stringify(found));
    return found;
  }, PATIENCE_MS);

async function prepared(body: object): Promise<Dataset> {
  const answer = await stage.api("/datasets", { method: "POST", body });
  expect(answer.status, await answer.clone().text()).toBe(202);
  const { id } = (await answer.json()) as Dataset;
  expect(answer.headers.get("location")).toBe(`/datasets/${id}`);
  await until(async () => {
    const found = await getDataset(id);
    if (found.status === "preparing") throw new Error(JSON.stringify(found));
  }, PATIENCE_MS);
  return get(`/datasets/${id}`);
}

const artifact = async (key: string) => {
  const bucket = JSON.parse(process.env["SST_RESOURCE_ArtifactsBucket"]!).name as string;
  const found = await stage.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return found.Body!.transformToString();
};

const counts = (model: string) =>
  get<{ total: number; classes: { class: string; items: number }[] }>(`/labels/${model}/counts`);

describe("a label file", () => {
  test(
    "uploaded before its files becomes labels, and its problems are reported",
    async () => {
      const lines = ["file,label"];
      for (let at = 0; at < 60; at++) lines.push(`${CLASSES[at % 3]}/${at}.jpg,${CLASSES[at % 3]}`);
      lines.push("spaceship/1.jpg,spaceship", "data/vehicles/whole key.jpg,car");
      const key = "labels/vehicles/first.csv";
      await stage.upload(key, lines.join("\n"));
      const found = await imported(key);
      expect(found).toMatchObject({ status: "done", added: 61, changed: 0, unchanged: 0, problemCount: 1 });
      expect(found.problems[0]).toMatchObject({ code: "CLASS_UNKNOWN", file: key, line: 62 });
      expect(await get(`/imports/${found.id}`)).toEqual(found);
      expect(await counts("vehicles")).toMatchObject({
        total: 61,
        classes: expect.arrayContaining([
          { class: "car", items: 21 },
          { class: "truck", items: 20 },
          { class: "bicycle", items: 0 },
        ]),
      });
      const whole = await get<Label>(
        `/labels/vehicles/label?key=${encodeURIComponent("data/vehicles/whole key.jpg")}`,
      );
      expect(whole).toMatchObject({ label: "car", source: key });
    },
    PATIENCE_MS,
  );

  test(
    "uploaded again writes no equal label, and the latest label wins",
    async () => {
      const again = "labels/vehicles/again.csv";
      await stage.upload(again, "file,label\ncar/0.jpg,car\ntruck/1.jpg,bus\n");
      expect(await imported(again)).toMatchObject({ added: 0, changed: 1, unchanged: 1 });
      const key = "data/vehicles/truck/1.jpg";
      expect(await get(`/labels/vehicles/label?key=${key}`)).toMatchObject({
        label: "bus",
        history: [{ label: "truck", source: "labels/vehicles/first.csv" }],
      });
      const old = "labels/vehicles/old.jsonl";
      await stage.upload(
        old,
        JSON.stringify({ file: key, label: "car", labelledAt: "2001-01-01T00:00:00Z" }),
      );
      expect(await imported(old)).toMatchObject({ older: 1, changed: 0 });
      const set = await stage.api("/labels/vehicles", { method: "PUT", body: { key, label: "truck" } });
      expect(await set.json()).toMatchObject({ label: "truck", source: "owner", annotator: "owner" });
      const wrong = await stage.api("/labels/vehicles", { method: "PUT", body: { key, label: "boat" } });
      expect(await wrong.json()).toMatchObject({ status: 400, code: "INPUT_INVALID" });
      const gone = encodeURIComponent("data/vehicles/whole key.jpg");
      const removed = await stage.api(`/labels/vehicles?key=${gone}`, { method: "DELETE" });
      expect(removed.status).toBe(204);
      expect((await stage.api(`/labels/vehicles/label?key=${gone}`)).status).toBe(404);
      expect(await counts("vehicles")).toMatchObject({ total: 60 });
    },
    PATIENCE_MS,
  );

  test(
    "that cannot be read fails with a reason",
    async () => {
      const key = "labels/vehicles/noise.tar.gz";
      await stage.upload(key, "this is no archive");
      expect(await imported(key)).toMatchObject({
        status: "failed",
        error: { code: "LABELS_UNREADABLE", hint: expect.any(String) },
      });
      const cut = "labels/vehicles/cut.csv.gz";
      const whole = gzipSync("file,label\ncar/0.jpg,car\n");
      await stage.upload(cut, whole.subarray(0, whole.length - 9));
      expect(await imported(cut)).toMatchObject({ status: "failed", error: { code: "LABELS_UNREADABLE" } });
    },
    PATIENCE_MS,
  );

  test(
    "has each label once in lists by shard and by class",
    async () => {
      const keys = new Set<string>();
      for (const filter of ["", "&class=car"]) {
        let cursor: string | undefined = "";
        const seen: string[] = [];
        while (cursor !== undefined) {
          const more: string = cursor && `&cursor=${cursor}`;
          const page: { items: Label[]; cursor?: string } = await get(
            `/labels/vehicles?limit=7${filter}${more}`,
          );
          seen.push(...page.items.map(({ key }) => key));
          ({ cursor } = page);
        }
        expect(new Set(seen).size).toBe(seen.length);
        if (filter) expect(seen).toHaveLength(20);
        else for (const key of seen) keys.add(key);
      }
      expect(keys.size).toBe(60);
    },
    PATIENCE_MS,
  );
});

describe("a dataset", () => {
  test(
    "fails without files",
    async () => {
      expect(await prepared({ model: "vehicles" })).toMatchObject({
        status: "failed",
        error: { code: "DATASET_NO_DATA", hint: expect.stringContaining("sluice datasets import") },
      });
    },
    PATIENCE_MS,
  );

  test(
    "has each usable item once, equal images in one split, and unusable files in its report",
    async () => {
      await mapConcurrently(10, Array.from({ length: 59 }).keys().toArray(), async (at) => {
        // The 58th is a copy of the 55th; the 57th is broken; the last is missing.
        const bytes = at === 57 ? Buffer.from("no picture") : await picture(at === 58 ? 55 : at);
        await stage.upload(`data/vehicles/${CLASSES[at % 3]}/${at}.jpg`, bytes);
      });
      const made = await prepared({ model: "vehicles", seed: 5, caps: { car: 6 }, weights: "balanced" });
      expect(made).toMatchObject({
        status: "ready",
        items: { train: expect.any(Number) },
        problemCount: 2,
        folder: `datasets/vehicles/${made.id}/`,
      });
      expect(made.problems!.map(({ code }) => code).toSorted()).toEqual([
        "FILE_MISSING",
        "FILE_TYPE_UNKNOWN",
      ]);
      expect(made.groups).toEqual({ count: 1, items: 2, largest: 2 });
      const car = made.classes!.find((row) => row.class === "car")!;
      expect(car).toMatchObject({ labelled: 20, unusable: 1, train: 6, validation: 3, test: 3, capped: 7 });
      expect(made.warnings.map(({ code }) => code)).toContain("CLASS_RARE");

      const splits = await Promise.all(
        ["train", "validation", "test"].map(async (split) => {
          const lines = (await artifact(`${made.folder}${split}.jsonl`)).trim().split("\n");
          const items = lines.map(
            (line) => JSON.parse(line) as { file: string; hash: string; label: string },
          );
          const manifest = JSON.parse(await artifact(`${made.folder}${split}.manifest`)) as unknown[];
          expect(manifest).toEqual([{ prefix: `s3://${stage.bucket}/` }, ...items.map(({ file }) => file)]);
          return items;
        }),
      );
      expect(splits.flat()).toHaveLength(58 - 7);
      const where = new Map<string, number>();
      for (const [split, items] of splits.entries())
        for (const { hash } of items) expect(where.get(hash) ?? split).toBe((where.set(hash, split), split));
      const about = JSON.parse(await artifact(`${made.folder}dataset.json`));
      expect(about).toMatchObject({
        model: "vehicles",
        seed: 5,
        digest: made.digest,
        weights: { car: expect.any(Number) },
      });

      const report = await get<Dataset>(`/datasets/${made.id}/report`);
      expect(report).toMatchObject({ digest: made.digest, problemCount: 2 });
      const page = await get<{ items: { file: string; image: string }[]; cursor?: string }>(
        `/datasets/${made.id}/items?split=train&limit=5`,
      );
      expect(page.items).toHaveLength(5);
      expect(Number(page.cursor)).toBeGreaterThan(0);
      const shown = await fetch(page.items[0]!.image);
      expect((await sharp(Buffer.from(await shown.arrayBuffer())).metadata()).width).toBe(96);

      // The same again is found, not made.
      const twin = await prepared({ model: "vehicles", seed: 5, caps: { car: 6 }, weights: "balanced" });
      expect(twin).toMatchObject({ digest: made.digest, identicalTo: made.id, folder: made.folder });
      const other = await prepared({ model: "vehicles", seed: 6 });
      expect(other.digest).not.toBe(made.digest);
    },
    PATIENCE_MS,
  );

  test(
    "fails with one class, or with a class that is smaller than the number of splits",
    async () => {
      const text = (count: number, label: string) =>
        Array.from({ length: count }, (_, at) =>
          JSON.stringify({ text: `${label} number ${at}`, label }),
        ).join("\n");
      await stage.upload("labels/compliance/one.jsonl", text(9, "compliant"));
      expect(await imported("labels/compliance/one.jsonl", "compliance")).toMatchObject({ added: 9 });
      expect(await prepared({ model: "compliance" })).toMatchObject({ error: { code: "DATASET_ONE_CLASS" } });
      await stage.upload("labels/compliance/two.jsonl", text(2, "violation"));
      await imported("labels/compliance/two.jsonl", "compliance");
      expect(await prepared({ model: "compliance" })).toMatchObject({
        error: { code: "DATASET_CLASS_TOO_SMALL", message: expect.stringContaining("violation has 2") },
      });
      await stage.upload("labels/compliance/three.jsonl", text(9, "needs-review"));
      await imported("labels/compliance/three.jsonl", "compliance");
      const few = await stage.api("/datasets", {
        method: "POST",
        body: { model: "compliance", caps: { cat: 3 } },
      });
      expect(await few.json()).toMatchObject({
        code: "INPUT_INVALID",
        detail: expect.stringContaining(`caps: "cat"`),
      });
      const nobody = await stage.api("/datasets", { method: "POST", body: { model: "nothing" } });
      expect(nobody.status).toBe(404);
    },
    PATIENCE_MS,
  );
});
