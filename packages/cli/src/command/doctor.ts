import { Command } from "commander";
export const doctor = new Command("doctor");
