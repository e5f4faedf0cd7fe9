// Label files with invalid lines: each loses only itself. Table and bucket are real (the embedded cloud).
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { importLabels } from "@sluice/core/label/import-labels.ts";
import { importId } from "@sluice/core/label/import-run.ts";
import { getImport } from "@sluice/core/label/imports.ts";
import { getLabel } from "@sluice/core/label/read.ts";
import { shardOf } from "@sluice/core/label/shard.ts";
import { arrivalMessage } from "@sluice/core/upload/arrival.ts";
import { s3 as s3Plugin } from "@sluice/local/service/s3/plugin.ts";
import { dynamodb } from "@sluice/local/service/dynamodb/plugin.ts";
import { testCloud, type TestCloud } from "@sluice/local/kernel/testing-cloud.ts";
import { mockClient } from "aws-sdk-client-mock";
import { create } from "tar";
import { afterAll, beforeAll, expect, test } from "vitest";
import { countRequests } from "../support/requests.ts";
import { tableResource } from "./stage.ts";

const NOW = Date.parse("2026-11-21T04:00:00Z");
let cloud: TestCloud;
let s3: S3Client;
const bus = mockClient(EventBridgeClient);

beforeAll(async () => {
  const bucket = { name: "Uploads", type: "aws:s3/bucket:Bucket", inputs: { bucket: "uploads" } };
  cloud = await testCloud({ plugins: [dynamodb, s3Plugin], graph: { resources: [tableResource, bucket] } });
  const links: Record<string, object> = {
    App: { name: "sluice", stage: "test" },
    Table: { name: "sluice" },
    Bus: { name: "bus" },
    UploadsBucket: { name: "uploads" },
  };
  for (const [name, value] of Object.entries(links))
    process.env[`SST_RESOURCE_${name}`] = JSON.stringify(value);
  Object.assign(process.env, cloud.environment, { SLUICE_LOG_LEVEL: "SILENT" });
  s3 = new S3Client({});
  bus.on(PutEventsCommand).resolves({ FailedEntryCount: 0 });
});
afterAll(() => cloud.dispose());

/** Imports a label file and returns its record. */
async function imported(model: string, name: string, body: string | Uint8Array) {
  const key = `labels/${model}/${name}`;
  await s3.send(new PutObjectCommand({ Bucket: "uploads", Key: key, Body: body }));
  const source = { bucket: "uploads", key, etag: name };
  const message = arrivalMessage({ source, uploadedAt: new Date(NOW).toISOString() });
  await importLabels(message, { receives: 1, now: NOW });
  const { problems, ...rest } = await getImport(importId("uploads", key, name));
  const told = problems.map(({ file, line, message: why }) => `${file}:${line ?? ""} ${why}`);
  return { ...rest, told };
}

/** A `.tar.gz` of these files. */
async function archive(files: Record<string, string>): Promise<Buffer> {
  const folder = await mkdtemp(path.join(tmpdir(), "labels-"));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
  const packed = create({ gzip: true, cwd: folder }, ["."]);
  const bytes = Buffer.concat(await Array.fromAsync(packed));
  await rm(folder, { recursive: true });
  return bytes;
}

const LONG = "x".repeat(20_000);
const at = (model: string, name: string, line = "") => `labels/${model}/${name}:${line}`;

test("csv: columns may have names of JavaScript internals", async () => {
  const done = await imported(
    "vehicles",
    "names.csv",
    "file,class,constructor,toString,__proto__\na.jpg,car,Tyrrell,x,y\nb.jpg,bus,,,\n",
  );
  expect(done).toMatchObject({ status: "done", added: 2 });
  expect(done.told).toEqual([
    expect.stringContaining(`${at("vehicles", "names.csv", "1")} The column "__proto__" cannot be imported`),
  ]);
  const { extra } = await getLabel("vehicles", "data/vehicles/a.jpg");
  expect(Object.entries(extra!)).toEqual([
    ["constructor", "Tyrrell"],
    ["toString", "x"],
  ]);
});

test("csv: an invalid split, key or number loses its own line only", async () => {
  const done = await imported(
    "vehicles",
    "lines.csv",
    `file,class,split,confidence\n${LONG},car,,\nc.jpg,car,constructor,\nd.jpg,car,,1e308\ne.jpg,car,,1e-200\nf.jpg,car,train,0.5\n`,
  );
  expect(done).toMatchObject({ status: "done", added: 1, problemCount: 4 });
  expect(done.told).toEqual([
    expect.stringMatching(/^labels\/vehicles\/lines\.csv:2 data.*longer than 1000 bytes/),
    expect.stringMatching(/lines\.csv:3 "constructor" is not a split/),
    expect.stringMatching(/lines\.csv:4 .*confidence/),
    expect.stringMatching(/lines\.csv:5 .*confidence/),
  ]);
});

test("csv: an invalid box loses its own line only", async () => {
  const done = await imported(
    "blueprints",
    "boxes.csv",
    "file,class,x,y,w,h\na.png,door,1,2,3,4\na.png,door,1e308,2,3,4\nb.png,door,1,-1e300,3,4\n",
  );
  expect(done).toMatchObject({ status: "done", added: 1 });
  expect(done.told).toEqual([
    expect.stringMatching(/boxes\.csv:3 The box's x is "1e308"/),
    expect.stringMatching(/boxes\.csv:4 The box's y is "-1e300"/),
  ]);
});

test("jsonl: lone surrogates, huge numbers, depth and size", async () => {
  let deep: unknown = 1;
  for (let level = 0; level < 200; level++) deep = { deep };
  const lines = [
    '{"file": "\\ud800.jpg", "label": "car"}',
    JSON.stringify({ file: `${LONG}.jpg`, label: "car" }),
    '{"text": "\\udfff", "file": "g.jpg", "label": "car"}',
    '{"file": "h.jpg", "label": "car", "confidence": 1e308}',
    '{"file": "i.jpg", "label": "\\ud800"}',
    JSON.stringify({ file: "j.jpg", label: "car", extra: { all: "x".repeat(200_000) } }),
    '{"file": "k.jpg", "label": "car", "constructor": 1, "note": "\\ud800", "id": 1e300}',
    JSON.stringify({ file: "l.jpg", label: "car", deep }),
    '{"file": "m.jpg", "label": "car", "annotator": "\\ud800"}',
    '{"file": "n.jpg", "label": "car", "source": "\\ud800"}',
  ];
  const done = await imported("vehicles", "hostile.jsonl", lines.join("\n"));
  expect(done).toMatchObject({ status: "done", added: 2, problemCount: 8 });
  expect(done.told.map((one) => Number(/jsonl:(\d+) /.exec(one)![1]))).toEqual([1, 2, 3, 4, 5, 6, 9, 10]);
  expect(done.told.every((one) => one.length < 1_000 && one.isWellFormed())).toBe(true);
  expect((await getLabel("vehicles", "data/vehicles/k.jpg")).extra).toEqual({
    constructor: 1,
    note: "\ud800",
    id: 1e300,
  });
  expect((await getLabel("vehicles", "data/vehicles/l.jpg")).extra).toEqual({ deep });
});

test("manifest: names, numbers and references", async () => {
  const line = (file: string, more: object, value: object = {}) =>
    JSON.stringify({
      "source-ref": file,
      label: { image_size: [], annotations: [], ...value },
      "label-metadata": { "class-map": { 0: "door" }, type: "groundtruth/object-detection", ...more },
    });
  const box = (left: number) => ({ annotations: [{ class_id: 0, left, top: 1, width: 1, height: 1 }] });
  const lines = [
    line("a1.png", { constructor: "x", toString: 1 }),
    line("a2.png", {}, box(1e300)),
    line(`${LONG}.png`, {}),
    '{"source-ref": "\\ud800.png", "label": {"annotations": []}, "label-metadata": {}}',
    line("a3.png", {}, box(4)),
  ];
  const done = await imported("blueprints", "out.manifest", lines.join("\n"));
  expect(done).toMatchObject({ status: "done", added: 2, problemCount: 3 });
  expect(done.told.map((one) => Number(/manifest:(\d+) /.exec(one)![1]))).toEqual([2, 3, 4]);
});

test("coco: invalid boxes, images and categories", async () => {
  const document = `{
    "categories": [{"id": 1, "name": "door", "constructor": 1}, {"id": 2, "name": "\\ud800"}],
    "images": [
      {"id": 1, "file_name": "c1.png", "constructor": "x"}, {"id": 2, "file_name": "\\ud800.png"},
      {"id": 3, "file_name": "${LONG}.png"}, {"id": 4, "file_name": "c4.png"}
    ],
    "annotations": [
      {"image_id": 1, "category_id": 1, "bbox": [1e308, 0, 1, 1]},
      {"image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4], "valueOf": 1, "id": 1e20},
      {"image_id": 4, "category_id": 2, "bbox": [1, 2, 3, 4]}
    ]}`;
  const done = await imported("blueprints", "set.json", document);
  expect(done).toMatchObject({ status: "done", added: 1, problemCount: 4 });
  expect(done.told).toContainEqual(expect.stringMatching(/^labels\/blueprints\/set\.json: c1\.png: .*bbox/));
  const { boxes } = await getLabel("blueprints", "data/blueprints/c1.png");
  expect(boxes).toEqual([
    { class: "door", x: 1, y: 2, width: 3, height: 4, extra: { valueOf: 1, id: 1e20 } },
  ]);
});

test("voc: invalid elements and references", async () => {
  const object = (x: string) =>
    `<object><name>door</name><bndbox><xmin>${x}</xmin><ymin>1</ymin><xmax>9</xmax><ymax>9</ymax></bndbox></object>`;
  const voc = (name: string, inside: string) =>
    imported("blueprints", name, `<annotation>${inside}</annotation>`);
  expect(await voc("v2.xml", `<filename>v2.png</filename>${object("1e308")}${object("2")}`)).toMatchObject({
    status: "done",
    added: 1,
    told: [expect.stringMatching(/v2\.xml: Object 1: .*xmin/)],
  });
  const long = `<filename>${LONG}.png</filename>${object("1")}`;
  expect(await voc("v3.xml", long)).toMatchObject({
    status: "done",
    added: 0,
    told: [expect.stringMatching(/^labels\/blueprints\/v3\.xml: data.*longer than 1000 bytes/)],
  });
  for (const name of ["constructor", "__proto__"])
    expect(
      await voc(`${name}.xml`, `<filename>v5.png</filename><${name}>x</${name}>${object("1")}`),
    ).toMatchObject({ status: "done", problemCount: 1, told: [expect.stringContaining(`"${name}"`)] });
});

test("two hundred long problems fit in the import's record", async () => {
  const lines = Array.from({ length: 300 }, (_, at) =>
    JSON.stringify({ file: `${LONG}${at}`, label: "car" }),
  );
  const done = await imported("vehicles", "long.jsonl", lines.join("\n"));
  expect(done).toMatchObject({ status: "done", added: 0, problemCount: 300 });
  expect(done.told.length).toBeGreaterThan(50);
});

test("large labels are written in several small transactions", async () => {
  const inOneShard = Array.from({ length: 2_000 }, (_, at) => `data/cats/large/${at}.jpg`)
    .filter((key) => shardOf(key) === "0")
    .slice(0, 98);
  expect(inOneShard).toHaveLength(98);
  const lines = (name: string) =>
    inOneShard.map((file) => JSON.stringify({ file, label: "Mu", [name]: "x".repeat(45_000) })).join("\n");
  expect(await imported("cats", "one.jsonl", lines("one"))).toMatchObject({ status: "done", added: 98 });
  const sizes = inOneShard.map((key) => `${key},Mu,8,8\n`).join("");
  const sized = await imported("cats", "sizes.csv", `file,class,image_width,image_height\n${sizes}`);
  expect(sized).toMatchObject({ status: "done", unchanged: 98 });
  expect((await getLabel("cats", inOneShard[97]!)).image).toEqual({ width: 8, height: 8 });
  // Together they exceed the limit, so the stored fields stay.
  expect(await imported("cats", "two.jsonl", lines("two"))).toMatchObject({ status: "done", unchanged: 98 });
  expect(Object.keys((await getLabel("cats", inOneShard[0]!)).extra!)).toEqual(["one"]);
}, 60_000);

test("an archive needs few requests to look up its files, even if no image exists", async () => {
  const numbers = Array.from({ length: 500 }, (_, at) => at);
  const labels = numbers.map((at) => [`labels/${at}.txt`, "0 0.5 0.5 0.2 0.2\n"]);
  const yolo = await archive({ "classes.txt": "door\n", ...Object.fromEntries(labels) });
  const requests = countRequests(cloud);
  expect(await imported("blueprints", "yolo.tar.gz", yolo)).toMatchObject({
    status: "done",
    problemCount: 500,
  });
  expect((requests.get("HeadObject") ?? 0) + (requests.get("ListObjectsV2") ?? 0)).toBeLessThan(100);
});
