import { Command } from "commander";
import { convert } from "./convert.ts";
import { exportCommand } from "./export.ts";
import { fetchCommand } from "./fetch.ts";
import { generate } from "./generate.ts";
import { importCommand } from "./import.ts";
import { list, prepare, show } from "./prepare.ts";
import { profile } from "./profile.ts";
import { validate } from "./validate.ts";

export const datasets = new Command("datasets").description(
  "Create, check, import, prepare, fetch, convert and export datasets",
);
const commands = [
  generate,
  importCommand,
  exportCommand,
  prepare,
  list,
  show,
  fetchCommand,
  validate,
  profile,
  convert,
];
for (const command of commands) datasets.addCommand(command);
