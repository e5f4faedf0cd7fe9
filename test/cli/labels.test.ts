// From nothing to a dataset, against a Sluice that this file starts.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { scene } from "@sluice/labels/inspect/pictures.fixture.ts";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { runCommand } from "./command.ts";
import { start } from "./sluice.ts";

const folder = mkdtempSync(path.join(tmpdir(), "sluice-labels-"));
const here = ["--dir", path.join(folder, "state")];
const file = (name: string) => path.join(folder, name);

/** A command is a process that may need seconds on a busy machine. */
const TIMEOUT_MS = 180_000;
vi.setConfig({ testTimeout: TIMEOUT_MS });

let running: Awaited<ReturnType<typeof start>>;
beforeAll(async () => {
  running = await start(["--no-samples", "--port", "0", ...here]);
  mkdirSync(file("cars/car"), { recursive: true });
  for (const seed of [1, 2, 3, 4]) writeFileSync(file(`cars/car/${seed}.png`), await scene(seed));
  mkdirSync(file("nothing"));
  writeFileSync(
    file("cars/labels.csv"),
    ["file,class", ...[1, 2, 3, 4].map((seed) => `car/${seed}.png,car`)].join("\n"),
  );
  writeFileSync(file("broken.csv"), "colour,shape\nred,round\n");
}, TIMEOUT_MS);
afterAll(async () => {
  await running?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const runJson = async (...args: string[]) => {
  const { code, stdout, stderr } = await runCommand([...args, "--json", ...here]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout) as any;
};

describe("A command fails with", () => {
  test.each<[number, string, string[]]>([
    [2, "MODEL_MISSING", ["datasets", "import", file("cars")]],
    [2, "Allowed choices", ["datasets", "export", file("new"), "-m", "cats", "--to", "xls"]],
    [
      2,
      "LABELS_ARE_FOLDERS",
      ["datasets", "export", file("new"), "-m", "cats", "--to", "folders", "--labels-only"],
    ],
    [2, "INPUT_INVALID", ["datasets", "generate", "cats", "--samples", "none"]],
    [2, "SPLIT_INVALID", ["datasets", "prepare", "cats", "--split", "0.5:0.5"]],
    [2, `caps: "Rex"`, ["datasets", "prepare", "cats", "--cap", "Rex=2"]],
    [2, "seed", ["datasets", "prepare", "cats", "--seed", "seven"]],
    [2, '"Rex" is not one of Boots', ["labels", "set", "cats", "data/cats/1.jpg", "Rex"]],
    [2, "BOXES_INVALID", ["labels", "set", "blueprints", "data/blueprints/1.png", "--boxes", "[door]"]],
    [3, "MODEL_UNKNOWN", ["datasets", "generate", "horses"]],
    [3, "MODEL_UNKNOWN", ["datasets", "prepare", "horses"]],
    [3, "FOLDER_MISSING", ["datasets", "import", file("nowhere"), "-m", "cats"]],
    [3, "DATASET_UNKNOWN", ["datasets", "show", "ds_0"]],
    [3, "LABEL_UNKNOWN", ["labels", "remove", "cats", "data/cats/nobody.jpg"]],
    [2, "FORMAT_UNKNOWN", ["datasets", "import", file("nothing"), "-m", "cats"]],
  ])("exit code %i and %s", async (exit, word, args) => {
    const { code, stdout, stderr } = await runCommand([...args, ...here]);
    expect({ code, stdout }, stderr).toEqual({ code: exit, stdout: "" });
    expect(stderr).toContain(word);
    expect(stderr, "a defect's stack").not.toMatch(/^\s+at .*:\d+:\d+/m);
  });
});

test(
  "samples become labels and a dataset, and importing the same labels in another format changes nothing",
  async () => {
    const summary = await runJson("datasets", "generate", "compliance", "--samples", "60", "--seed", "3");
    expect(summary).toMatchObject({ files: 60, sent: 60, present: 0, import: { added: 60 } });
    expect((await runJson("labels", "counts", "compliance")).total).toBe(60);
    expect(
      (await runJson("labels", "list", "compliance", "--class", "violation", "--limit", "5")).items,
    ).toHaveLength(5);

    const dataset = await runJson(
      "datasets",
      "prepare",
      "compliance",
      "--split",
      "0.8:0.1:0.1",
      "--weights",
      "balanced",
    );
    expect(dataset).toMatchObject({ status: "ready", items: { train: 48, validation: 6, test: 6 } });
    expect((await runJson("datasets", "list", "compliance")).items[0]).toMatchObject({ id: dataset.id });
    expect(await runJson("datasets", "show", dataset.id)).toEqual(dataset);
    const shown = await runCommand(["datasets", "show", dataset.id, ...here]);
    expect(shown.stdout).toContain(`${dataset.id}  compliance  ready`);
    expect(shown.stdout).toMatch(/class +labeled +unusable +train +validation +test +capped +weight\n/);
    expect(shown.stderr).toMatch(/3 warnings\n( {2}CLASS_RARE {2}.*\n){3} {4}fix: Label more,/);

    const fetched = file("fetched");
    expect(await runJson("datasets", "fetch", dataset.id, fetched)).toMatchObject({
      items: { train: 48, validation: 6, test: 6 },
      missing: [],
    });
    const splits = readFileSync(path.join(fetched, "labels.jsonl"), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).split as string);
    expect(
      ["train", "validation", "test"].map((one) => splits.filter((split) => split === one).length),
    ).toEqual([48, 6, 6]);
    const twice = await runCommand(["datasets", "fetch", dataset.id, fetched, ...here]);
    expect(twice).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^FOLDER_NOT_EMPTY: .*\n.*--force/),
    });
    writeFileSync(path.join(fetched, "notes.txt"), "mine");
    await runJson("datasets", "fetch", dataset.id, fetched, "--to", "csv", "--force");
    expect(readdirSync(fetched)).toEqual(expect.arrayContaining(["labels.csv", "labels.jsonl", "notes.txt"]));

    for (const format of ["csv", "chat"])
      expect(
        await runJson("datasets", "export", file(format), "-m", "compliance", "--to", format),
      ).toMatchObject({
        labels: 60,
        missing: [],
      });
    expect(await runJson("datasets", "import", file("csv"), "-m", "compliance")).toMatchObject({
      sent: 0,
      present: 60,
      import: { added: 0, changed: 0, unchanged: 60 },
    });
    const [line] = readFileSync(file("chat/chat.jsonl"), "utf8").split("\n");
    expect(JSON.parse(line!).messages.map(({ role }: any) => role)).toEqual(["system", "user", "assistant"]);
  },
  TIMEOUT_MS,
);

test("a label file whose names match no file is refused, and --files names their prefix", async () => {
  writeFileSync(file("bare.csv"), "file,class\n1.png,truck\n2.png,truck\n");
  const source = ["datasets", "import", file("bare.csv"), "-m", "vehicles"];
  const refused = await runCommand([...source, ...here]);
  expect(refused).toMatchObject({ code: 1, stdout: "" });
  expect(refused.stderr).toMatch(
    /^LABELS_WITHOUT_FILES: 2 of 2 names in bare\.csv match no file of the bucket: 1\.png, 2\.png\. Nothing was imported\.\n.*--files PREFIX\/.*--allow-missing/,
  );
  expect((await runJson("labels", "counts", "vehicles")).total).toBe(0);

  mkdirSync(file("trucks/truck"), { recursive: true });
  for (const seed of [1, 2]) writeFileSync(file(`trucks/truck/${seed}.png`), await scene(20 + seed));
  writeFileSync(file("trucks/all.csv"), "file,class\ntruck/1.png,truck\ntruck/2.png,truck\n");
  await runJson("datasets", "import", file("trucks"), "-m", "vehicles");
  const relative = await runJson(...source, "--files", "data/vehicles/truck/");
  expect(relative).toMatchObject({ added: 0, unchanged: 2 });
  writeFileSync(file("bare.csv"), "file,class\n1.png,truck\nlater.png,truck\n");
  const partly = await runCommand([...source, "--files", "data/vehicles/truck/", ...here]);
  expect(partly).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("1 added, 0 changed, 1 unchanged"),
  });
  expect(partly.stderr).toContain(
    "1 of 2 names in bare.csv match no file of the bucket: data/vehicles/truck/later.png.",
  );
  expect(await runJson(...source, "--allow-missing")).toMatchObject({ added: 2 });
  for (const { key } of (await runJson("labels", "list", "vehicles")).items)
    await runJson("labels", "remove", "vehicles", key);
});

test("a folder of other classes is refused before any file is uploaded", async () => {
  for (const name of ["poodle", "wolf"]) {
    mkdirSync(file(`dogs/${name}`), { recursive: true });
    writeFileSync(file(`dogs/${name}/1.png`), await scene(name.length));
  }
  const { code, stdout, stderr } = await runCommand([
    "datasets",
    "import",
    file("dogs"),
    "-m",
    "cats",
    ...here,
  ]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(
    /LABELS_EMPTY: .*poodle\/1\.png "poodle" is not one of Boots, .*\n {2}Nothing was uploaded/,
  );
  expect(await runJson("labels", "imports", "cats")).toEqual({ items: [] });
});

test(
  "labels of only one class fail to prepare, with the class in the message",
  async () => {
    const import_ = await runCommand(["datasets", "import", file("cars"), "-m", "vehicles", ...here]);
    expect(import_).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("sluice datasets prepare vehicles"),
    });
    expect(import_.stdout).toMatch(
      /^files: 4 uploaded, 0 already present, 4 in total\nlabels: 4 added, 0 changed/,
    );
    const { code, stderr } = await runCommand(["datasets", "prepare", "vehicles", ...here]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/DATASET_ONE_CLASS: .*"car"/);
    expect((await runJson("datasets", "list", "vehicles")).items[0]).toMatchObject({ status: "failed" });
  },
  TIMEOUT_MS,
);

test(
  "an unreadable label file fails with its reason, and its import is listed",
  async () => {
    const { code, stderr } = await runCommand([
      "datasets",
      "import",
      file("broken.csv"),
      "-m",
      "cats",
      ...here,
    ]);
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringMatching(/^[A-Z_]+: .*\n/m) });
    expect((await runJson("labels", "imports", "cats")).items[0]).toMatchObject({ status: "failed" });
    writeFileSync(file("latin.csv"), Buffer.from("file,label\n\u00fc.jpg,Mu\n", "latin1"));
    const invalid = await runCommand(["datasets", "import", file("latin.csv"), "-m", "cats", ...here]);
    expect(invalid.code).toBe(1);
    expect(invalid.stderr).toMatch(
      /LINE_BROKEN {2}labels\/cats\/\S+latin\.csv:2 [^]*fix: Save the file as UTF-8/,
    );
    writeFileSync(file("none.csv"), "");
    const none = await runCommand(["datasets", "import", file("none.csv"), "-m", "cats", ...here]);
    expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining("LABELS_EMPTY: none.csv") });
  },
  TIMEOUT_MS,
);

test(
  "an empty file and a file with too long a path are reported, and the others are imported",
  async () => {
    const long = Array.from({ length: 5 }, (_, at) => String(at).repeat(200)).join("/");
    mkdirSync(file(`odd/${long}`), { recursive: true });
    writeFileSync(file("odd/good.png"), await scene(9));
    writeFileSync(file("odd/empty.png"), "");
    writeFileSync(file(`odd/${long}/far.png`), await scene(10));
    const lines = ["good.png", "empty.png", `${long}/far.png`].map((name) => `${name},truck\n`);
    writeFileSync(file("odd/labels.csv"), `file,class\n${lines.join("")}`);
    const { code, stdout, stderr } = await runCommand([
      "datasets",
      "import",
      file("odd"),
      "-m",
      "vehicles",
      ...here,
    ]);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^files: 1 uploaded, 0 already present, 3 in total\n/);
    expect(stderr).toMatch(/FILE_EMPTY {2}empty\.png {2}The file is empty and was not uploaded/);
    expect(stderr).toMatch(/PATH_UNSAFE {2}0{200}\/\S+far\.png {2}The path is too long/);
  },
  TIMEOUT_MS,
);

test("one label is set, changed and removed", async () => {
  const key = "data/blueprints/plan.png";
  const boxes = [{ class: "door", x: 4, y: 8, width: 30, height: 12 }];
  expect(await runJson("labels", "set", "blueprints", key, "--boxes", JSON.stringify(boxes))).toMatchObject({
    boxes,
  });
  expect(await runJson("labels", "set", "blueprints", key, "--boxes", "[]")).toMatchObject({
    boxes: [],
    history: [{ boxes: 1 }],
  });
  const text = await runJson(
    "labels",
    "set",
    "compliance",
    "-",
    "violation",
    "--text",
    "pay in cash, no receipt",
  );
  expect(text).toMatchObject({ key: expect.stringMatching(/^text\//), label: "violation" });
  expect(await runJson("labels", "remove", "blueprints", key)).toEqual({ removed: key });
  expect(await runJson("labels", "list", "blueprints")).toEqual({ items: [] });
});
