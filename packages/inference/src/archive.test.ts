import { mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { Header, list } from "tar";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { pack, unpack } from "./archive.ts";
import type { InferenceError } from "./error.ts";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "sluice-archive-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

interface Entry {
  path: string;
  type?: "File" | "SymbolicLink" | "Link" | "CharacterDevice" | "FIFO" | "Directory";
  linkpath?: string;
  body?: string;
  mode?: number;
}

/** An archive byte by byte, for what no honest tool would write. */
function tarball(entries: Entry[]): Buffer {
  const blocks = entries.flatMap(({ path: name, type = "File", linkpath, body = "", mode = 0o644 }) => {
    const head = Buffer.alloc(512);
    const size = Buffer.byteLength(body);
    new Header({ path: name, type, linkpath, size, mode, mtime: new Date(0) } as never).encode(head, 0);
    return [head, Buffer.concat([Buffer.from(body), Buffer.alloc((512 - (size % 512)) % 512)])];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

async function refusal(archive: Buffer, limits = {}): Promise<InferenceError> {
  const file = path.join(dir, "model.tar.gz");
  await writeFile(file, archive);
  const target = path.join(dir, "out");
  const error = await unpack(file, target, limits).then(
    () => undefined,
    (thrown: InferenceError) => thrown,
  );
  expect(await readdir(target).catch(() => []), "nothing was written").toEqual([]);
  return error!;
}

test("unpacked files lose setuid, setgid and execute bits", async () => {
  const file = path.join(dir, "model.tar.gz");
  await writeFile(file, tarball([{ path: "model.onnx", body: "x", mode: 0o6755 }]));
  await unpack(file, path.join(dir, "out"));
  expect((await stat(path.join(dir, "out/model.onnx"))).mode & 0o7111).toBe(0);
});

describe("a hostile package is rejected before anything is written", () => {
  test.each<[string, Entry]>([
    ["an absolute path", { path: "/tmp/owned", body: "x" }],
    ["a path upwards", { path: "../owned", body: "x" }],
    ["a path upwards inside", { path: "a/../../owned", body: "x" }],
    ["a path upwards with backslashes", { path: "a\\..\\..\\owned", body: "x" }],
    ["a Windows drive", { path: "C:\\owned", body: "x" }],
    ["a symbolic link", { path: "model.onnx", type: "SymbolicLink", linkpath: "/etc/passwd" }],
    ["a hard link", { path: "model.onnx", type: "Link", linkpath: "sluice.json" }],
    ["a device", { path: "null", type: "CharacterDevice" }],
    ["a pipe", { path: "pipe", type: "FIFO" }],
  ])("%s", async (_, entry) => {
    const error = await refusal(tarball([{ path: "sluice.json", body: "{}" }, entry]));
    expect(error).toMatchObject({ code: "PACKAGE_HOSTILE", status: 422 });
  });

  test("more bytes than allowed", async () => {
    const error = await refusal(tarball([{ path: "model.onnx", body: "0".repeat(100_000) }]), {
      maxBytes: 50_000,
    });
    expect(error.message).toContain("more than 50000 bytes");
  });

  test("more entries than allowed", async () => {
    const entries = Array.from({ length: 12 }, (_, at) => ({ path: `f${at}`, body: "x" }));
    expect((await refusal(tarball(entries), { maxEntries: 10 })).message).toContain("more than 10 entries");
  });
});

describe("a broken package is rejected with a reason", () => {
  test.each<[string, Buffer]>([
    ["empty", Buffer.alloc(0)],
    ["not gzip", Buffer.from("PK\u0003\u0004 this is a zip")],
    [
      "a truncated archive",
      tarball([{ path: "model.onnx", body: "0123456789".repeat(5000) }]).subarray(0, 60),
    ],
    ["gzip of nothing", gzipSync(Buffer.alloc(0))],
    ["gzip of noise", gzipSync(Buffer.alloc(4096, "noise"))],
  ])("%s", async (_, bytes) => {
    expect(await refusal(bytes)).toMatchObject({ code: "PACKAGE_INVALID", status: 422 });
  });
});

test("files that only their owner can read are packed readable for all", async () => {
  const from = path.join(dir, "from");
  await mkdir(from);
  const about = { format: 1, model: "m", version: "1", task: "image-classification", classes: ["a", "b"] };
  const how = { input: { kind: "image", width: 8, height: 8 }, output: { head: "softmax" } };
  await writeFile(path.join(from, "sluice.json"), JSON.stringify({ ...about, ...how }), { mode: 0o600 });
  await writeFile(path.join(from, "model.onnx"), "x", { mode: 0o600 });
  await pack(from, path.join(dir, "model.tar.gz"));
  const modes: (number | undefined)[] = [];
  await list({ file: path.join(dir, "model.tar.gz"), onReadEntry: ({ mode }) => void modes.push(mode) });
  expect(modes).toEqual([0o644, 0o644]);
});

test("packing and unpacking keeps the files, and equal folders result in equal archives", async () => {
  const from = path.join(dir, "from");
  await mkdir(path.join(from, "code"), { recursive: true });
  await writeFile(path.join(from, "model.onnx"), "weights");
  await writeFile(path.join(from, "code/inference.py"), "pass");
  await writeFile(
    path.join(from, "sluice.json"),
    JSON.stringify({
      format: 1,
      model: "m",
      version: "1",
      task: "text-classification",
      classes: ["a", "b"],
      input: { kind: "text", tokenizer: { kind: "hash", buckets: 8 } },
      output: { head: "softmax" },
    }),
  );
  // A link in the folder does not travel.
  await symlink("/etc/passwd", path.join(from, "link"));
  const [one, two] = [path.join(dir, "1.tar.gz"), path.join(dir, "2.tar.gz")];
  await pack(from, one);
  await pack(from, two);
  expect(await readFile(one)).toEqual(await readFile(two));
  const out = path.join(dir, "out");
  await unpack(one, out);
  expect((await readdir(out, { recursive: true })).sort()).toEqual([
    "code",
    "code/inference.py",
    "model.onnx",
    "sluice.json",
  ]);
  expect(await readFile(path.join(out, "model.onnx"), "utf8")).toBe("weights");
});
