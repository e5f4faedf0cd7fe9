// `sluice`: noun then verb. Each command stands in a file of its own in command/.
import { Command, CommanderError } from "commander";
import { asFailure, EXIT, Failure } from "./failure.ts";
import { note, paint, plain } from "./output.ts";

/** In the order of the help. Only what is asked for is loaded: most commands need a tenth of it all. */
const COMMANDS: Record<string, () => Promise<Command>> = {
  start: async () => (await import("./command/start.ts")).start,
  env: async () => (await import("./command/env.ts")).env,
  upload: async () => (await import("./command/upload.ts")).upload,
  predictions: async () => (await import("./command/predictions.ts")).predictions,
  review: async () => (await import("./command/review.ts")).review,
  predict: async () => (await import("./command/predict.ts")).predict,
  dataset: async () => (await import("./command/dataset.ts")).dataset,
  labels: async () => (await import("./command/labels.ts")).labels,
  train: async () => (await import("./command/train.ts")).train,
  training: async () => (await import("./command/training.ts")).training,
  versions: async () => (await import("./command/versions.ts")).versions,
  evaluate: async () => (await import("./command/evaluate.ts")).evaluate,
  provision: async () => (await import("./command/provision.ts")).provision,
  traffic: async () => (await import("./command/traffic.ts")).traffic,
  endpoint: async () => (await import("./command/endpoint.ts")).endpoint,
  events: async () => (await import("./command/events.ts")).events,
  trace: async () => (await import("./command/trace.ts")).trace,
  logs: async () => (await import("./command/logs.ts")).logs,
  redrive: async () => (await import("./command/redrive.ts")).redrive,
  doctor: async () => (await import("./command/doctor.ts")).doctor,
  cost: async () => (await import("./command/cost.ts")).cost,
  token: async () => (await import("./command/token.ts")).token,
  synth: async () => (await import("./command/synth.ts")).synth,
};

const EXIT_HELP = `
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not found, 4 not allowed, 5 unreachable,
130 broken off by Ctrl-C (0 for what only Ctrl-C ends: start, predictions watch, logs --follow).
Without --api, commands speak to the Sluice running on this machine, else to the one last deployed from here.`;

const wantsJson = process.argv.includes("--json");

const program = new Command("sluice")
  .description("Uploads become predictions, datasets become endpoints: on AWS, or whole on this machine.")
  .version("0.1.0")
  // A command may have a --version of its own.
  .enablePositionalOptions()
  .addHelpText("after", EXIT_HELP);
const [, , asked = ""] = process.argv;
for (const load of Object.hasOwn(COMMANDS, asked) ? [COMMANDS[asked]!] : Object.values(COMMANDS)) {
  const command = await load();
  program.addCommand(command);
  for (const one of [command, ...command.commands]) settle(one);
}
settle(program);

/** Settings that a command does not take from the one it is added to. */
function settle(command: Command) {
  command.exitOverride().showHelpAfterError(wantsJson ? false : "(add --help for the usage)");
  if (wantsJson) command.configureOutput({ outputError: () => {} });
}

try {
  await program.parseAsync();
} catch (error) {
  const inJson = ({ code, message, hint }: Failure) =>
    note(JSON.stringify({ error: { code, message, hint } }));
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    if (wantsJson && error.exitCode !== 0)
      inJson(
        new Failure("USAGE_WRONG", error.message.replace(/^error: /, ""), {
          hint: "Add --help for the usage.",
        }),
      );
  } else {
    const failure = asFailure(error);
    if (wantsJson) inJson(failure);
    else {
      note(`${paint("red", failure.code)}: ${plain(failure.message)}`);
      if (failure.hint) note(`  ${plain(failure.hint)}`);
    }
    if (process.env["SLUICE_DEBUG"])
      note(String(failure.cause instanceof Error ? failure.cause.stack : failure.stack));
    process.exitCode = failure.exit;
  }
}
