import { optionNames, type OptionName } from "@sluice/core/training/options.ts";
import { readers } from "@sluice/core/training/option-readers.ts";
import { Command } from "commander";
import { expect, test } from "vitest";
import { addTrainOptions } from "./train-options.ts";

const { options } = addTrainOptions(new Command());
const headings: Record<string, string> = {
  "image-classification,text-classification,object-detection": "Every task:",
  "image-classification,text-classification": "Images and texts:",
  "image-classification,object-detection": "Images and detectors:",
  "object-detection": "Detectors:",
  // Their descriptions name the only task.
  "image-classification": "Images and detectors:",
  "text-classification": "Images and texts:",
};

test.each(optionNames)("%s is in the group of the tasks that use it", (name: OptionName) => {
  const option = options.find((one) => one.attributeName() === name);
  const heading = headings[readers[name].torch.join()];
  expect(option?.helpGroupHeading).toBe(heading);
  expect(option?.description.startsWith("torch")).toBe(readers[name].probe.length === 0);
});
