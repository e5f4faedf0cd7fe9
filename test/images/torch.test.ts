// The image `torch` trains one epoch on a few pictures.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { writeSamples } from "@sluice/samples/write.ts";
import { afterAll, expect, test } from "vitest";
import { prepareFolders, runContainer, users } from "./container.ts";

const folder = mkdtempSync(path.join(tmpdir(), "sluice-images-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const options = { model: "vehicles", epochs: "1", imageSize: "32", size: "s", quantize: "int8" };

test.each(users)("torch trains a package as %s", async (_, user) => {
  const optMl = path.join(folder, String(user));
  await writeSamples("vehicles", path.join(optMl, "input/data/train"), { seed: 3, from: 0, count: 40 });
  prepareFolders(optMl, user, ["input/config", "model", "output", "checkpoints"]);
  writeFileSync(path.join(optMl, "input/config/hyperparameters.json"), JSON.stringify(options));
  const { code, log } = await runContainer("torch", { user, optMl, readOnly: ["input"] });
  expect(log).toMatch(
    /epoch=1; train:loss=.*export: equal to PyTorch on \d+ held-out items.*final; version=/s,
  );
  expect(code).toBe(0);
  const manifest = JSON.parse(readFileSync(path.join(optMl, "model/sluice.json"), "utf8"));
  expect(manifest).toMatchObject({ model: "vehicles", task: "image-classification" });
});
