// Trained packages of the example models, with the commands that made them and their figures on held-out data.
// `npm run samples:train` makes them again.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import path from "node:path";

export interface TrainedPackage {
  /** The commands, in order, on an empty local cloud. */
  commands: string[];
  /** SHA-256 of the archive. */
  digest: string;
  bytes: number;
  /** Of the evaluation on the held-out split, whose samples no training has seen. */
  metrics: Record<string, number>;
}

export const trainedFolder = fileURLToPath(new URL("../trained", import.meta.url));

export const trainedPackages = JSON.parse(
  readFileSync(path.join(trainedFolder, "packages.json"), "utf8"),
) as Readonly<Record<string, TrainedPackage>>;

export const trainedArchive = (model: string) => path.join(trainedFolder, `${model}.tar.gz`);
