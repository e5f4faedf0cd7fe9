import { Command } from "commander";
import { convert } from "./dataset/convert.ts";
import { exportCommand } from "./dataset/export.ts";
import { generate } from "./dataset/generate.ts";
import { importCommand } from "./dataset/import.ts";
import { list, prepare, show } from "./dataset/prepare.ts";
import { profile } from "./dataset/profile.ts";
import { validate } from "./dataset/validate.ts";

export const dataset = new Command("dataset").description(
  "Labelled files: drawn, judged, brought, prepared for training, turned into other formats",
);
const commands = [generate, importCommand, exportCommand, prepare, list, show, validate, profile, convert];
for (const command of commands) dataset.addCommand(command);
