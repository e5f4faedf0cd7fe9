// Which of our containers reads which option, by task. An option that the trainer would ignore is an error.
import type { Model, Task } from "@sluice/models/index.ts";
import { SluiceError } from "../error/error.ts";
import { type OptionName, type Options, optionNames } from "./options.ts";

type Readers = Record<"probe" | "torch", readonly Task[]>;

const IMAGE = "image-classification";
const TEXT = "text-classification";
const DETECTOR = "object-detection";

const every: Readers = { probe: [IMAGE, TEXT], torch: [IMAGE, TEXT, DETECTOR] };
const classifiers: Readers = { probe: [IMAGE, TEXT], torch: [IMAGE, TEXT] };
const torch = (...tasks: Task[]): Readers => ({ probe: [], torch: tasks });

export const readers: Record<OptionName, Readers> = {
  epochs: every,
  learningRate: every,
  batchSize: every,
  weightDecay: every,
  patience: every,
  minDelta: every,
  dropoutRate: classifiers,
  trainOnlyTopLayer: every,
  classWeights: torch(IMAGE, TEXT, DETECTOR),
  weights: torch(IMAGE, TEXT, DETECTOR),
  ema: torch(IMAGE, TEXT, DETECTOR),
  quantize: torch(IMAGE, TEXT, DETECTOR),
  keepWeights: torch(IMAGE, TEXT, DETECTOR),
  imageSize: torch(IMAGE, DETECTOR),
  size: torch(IMAGE, DETECTOR),
  flipHorizontal: { probe: [IMAGE], torch: [IMAGE, DETECTOR] },
  flipVertical: { probe: [IMAGE], torch: [IMAGE, DETECTOR] },
  rotation: { probe: [IMAGE], torch: [IMAGE, DETECTOR] },
  zoom: { probe: [IMAGE], torch: [IMAGE, DETECTOR] },
  colour: torch(IMAGE, DETECTOR),
  detector: torch(DETECTOR),
  mosaic: torch(DETECTOR),
  multiScale: torch(DETECTOR),
  baseModel: torch(IMAGE, TEXT),
  trainableLayers: torch(TEXT),
};

export type ReadingContainer = keyof Readers;

export function checkReaders(container: ReadingContainer, { name, task }: Model, options: Options): void {
  const ignored = optionNames.find(
    (option) => options[option] !== undefined && !readers[option][container].includes(task),
  );
  if (!ignored) return;
  throw new SluiceError(
    "INPUT_INVALID",
    `${ignored}: the container ${container} does not use it for ${name}, which is declared ${task}.`,
    { hint: `Leave it out. ${describeReaders(readers[ignored])}` },
  );
}

function describeReaders(by: Readers): string {
  const used = Object.entries(by)
    .filter(([, tasks]) => tasks.length > 0)
    .map(([container, tasks]) => `${container} (${tasks.join(", ")})`);
  return `It is used by ${used.join(" and ")}.`;
}
