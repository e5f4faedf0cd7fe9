import { Command } from "commander";
import { convert } from "./dataset/convert.ts";
import { profile } from "./dataset/profile.ts";
import { validate } from "./dataset/validate.ts";

export const dataset = new Command("dataset").description(
  "Labelled files: judged, described, turned into other formats",
);
for (const command of [validate, profile, convert]) dataset.addCommand(command);
