// The `sluice` command: noun, then verb. The folder of a noun contains its commands.
import { Command, CommanderError } from "commander";
import manifest from "../package.json" with { type: "json" };
import { COMMANDS } from "./commands.ts";
import { replaceOldNames } from "./old-names.ts";
import { EXIT, Failure, failureJson, toFailure } from "./terminal/failure.ts";
import { printNote, paint, sanitize } from "./terminal/output.ts";

const EXIT_HELP = `
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not found, 4 not allowed, 5 unreachable,
6 below the threshold (predict --fail-below-threshold), 130 interrupted by Ctrl-C (0 for start, predictions watch and logs --follow, which only Ctrl-C ends).
Without --api, commands use the Sluice that is running on this machine, or the last deployment from this folder.`;

/** Runs one command line, and sets `process.exitCode` unless the command succeeds. */
export async function run(commandLine: string[]): Promise<void> {
  const wantsJson = commandLine.includes("--json");
  // With --json, standard error has JSON only.
  const args = replaceOldNames(commandLine, wantsJson ? () => {} : (text) => printNote(`Warning: ${text}`));
  try {
    const program = await createProgram(args[0] ?? "", wantsJson);
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    process.exitCode = reportError(error, wantsJson);
  }
}

async function createProgram(requested: string, wantsJson: boolean): Promise<Command> {
  const program = new Command("sluice")
    .description(
      "Event-driven machine learning: uploads become predictions, labels become models. On AWS or on this machine.",
    )
    .version(manifest.version)
    // So that a command can have its own --version option.
    .enablePositionalOptions()
    .addHelpText("after", EXIT_HELP);
  const loaders = Object.hasOwn(COMMANDS, requested) ? [COMMANDS[requested]!] : Object.values(COMMANDS);
  for (const load of loaders) {
    const command = await load().catch(explainLoadError);
    program.addCommand(command);
    for (const each of [command, ...command.commands]) configure(each, wantsJson);
  }
  configure(program, wantsJson);
  return program;
}

/** Many commands import the declared models. A faulty declaration is the likely reason, and has a clear error. */
async function explainLoadError(error: unknown): Promise<never> {
  const { loadModels } = await import("@sluice/models/load.ts");
  await loadModels();
  throw error;
}

/** Settings that a command does not inherit. */
function configure(command: Command, wantsJson: boolean) {
  command
    .exitOverride()
    .showHelpAfterError(wantsJson ? false : "(add --help to see the usage)")
    .configureOutput({ outputError: wantsJson ? () => {} : (text, write) => write(text) });
}

function reportError(error: unknown, wantsJson: boolean): number {
  const printJsonError = (failure: Failure) => printNote(JSON.stringify({ error: failureJson(failure) }));
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.ok;
    if (wantsJson)
      printJsonError(
        new Failure("USAGE_WRONG", error.message.replace(/^error: /, ""), {
          hint: "Add --help to see the usage.",
        }),
      );
    return EXIT.usage;
  }
  const failure = toFailure(error);
  if (wantsJson) printJsonError(failure);
  else {
    printNote(`${paint("red", failure.code)}: ${sanitize(failure.message)}`);
    if (failure.hint) printNote(`  ${sanitize(failure.hint)}`);
  }
  if (process.env["SLUICE_DEBUG"])
    printNote(String(failure.cause instanceof Error ? failure.cause.stack : failure.stack));
  return failure.exit;
}
