import { expect, test } from "vitest";
import { readAll } from "./dataset.fixture.ts";

const line = (value: unknown) => `${JSON.stringify(value)}\n`;

test("Ground Truth: classes by number or name, with metadata of the job", async () => {
  const metadata = {
    confidence: 0.09,
    "job-name": "labeling-job/birds",
    "class-name": "heron",
    "human-annotated": "yes",
    "creation-date": "2018-10-18T22:18:13.527256",
    type: "groundtruth/image-classification",
  };
  const { items } = await readAll({
    "output.manifest":
      line({ "source-ref": "s3://birds/photos/1.jpg", species: 4, "species-metadata": metadata }) +
      line({
        "source-ref": "s3://birds/photos/2.jpg",
        species: "4",
        "species-metadata": metadata,
        camera: "north",
      }),
  });
  expect(items).toMatchObject([
    {
      file: "photos/1.jpg",
      label: "heron",
      confidence: 0.09,
      source: "labeling-job/birds",
      labelledAt: "2018-10-18T22:18:13.527256Z",
    },
    { file: "photos/2.jpg", label: "heron", extra: { camera: "north", attribute: "species" } },
  ]);
});

test("Ground Truth: boxes, the last of chained jobs, and failed objects", async () => {
  const boxes = (left: number) => ({
    image_size: [{ width: 500, height: 400, depth: 3 }],
    annotations: [{ class_id: 0, left, top: 2, width: 3, height: 4 }],
  });
  const metadata = {
    objects: [{ confidence: 0.8 }],
    "class-map": { "0": "dog" },
    type: "groundtruth/object-detection",
  };
  const { items, codes } = await readAll({
    "output.manifest":
      line({
        "source-ref": "s3://b/1.jpg",
        first: boxes(1),
        "first-metadata": metadata,
        adjusted: boxes(9),
        "adjusted-metadata": { ...metadata, "adjustment-status": "adjusted" },
      }) +
      line({
        "source-ref": "s3://b/2.jpg",
        first: {},
        "first-metadata": { "failure-reason": "ClientError: too large" },
      }) +
      line({ "source-ref": "s3://b/3.jpg" }) +
      line({
        "source-ref": "s3://b/4.jpg",
        first: [0, 1],
        "first-metadata": { "class-map": { "0": "dog" } },
      }) +
      line({
        "source-ref": "s3://b/5.jpg",
        first: { image_size: [], annotations: [{ class_id: 7, left: 1, top: 1, width: 1, height: 1 }] },
        "first-metadata": metadata,
      }) +
      "{broken\n" +
      line({ other: 1 }),
  });
  expect(items.map(({ file, boxes: found }) => [file, found?.[0]?.x])).toEqual([
    ["1.jpg", 9],
    ["2.jpg", undefined],
    ["3.jpg", undefined],
  ]);
  expect(items[0]).toMatchObject({
    image: { width: 500, height: 400 },
    boxes: [{ class: "dog", confidence: 0.8 }],
  });
  expect(codes).toEqual([
    "LABELLING_FAILED:2",
    "LABEL_KIND_UNSUPPORTED:4",
    "REFERENCE_UNKNOWN:5",
    "LINE_BROKEN:6",
    "FIELD_MISSING:7",
  ]);
});
