// `sluice`: noun then verb. Each command stands in a file of its own in command/.
import { Command, CommanderError } from "commander";
import { cost } from "./command/cost.ts";
import { dataset } from "./command/dataset.ts";
import { doctor } from "./command/doctor.ts";
import { endpoint } from "./command/endpoint.ts";
import { evaluate } from "./command/evaluate.ts";
import { events } from "./command/events.ts";
import { labels } from "./command/labels.ts";
import { logs } from "./command/logs.ts";
import { predict } from "./command/predict.ts";
import { predictions } from "./command/predictions.ts";
import { provision } from "./command/provision.ts";
import { redrive } from "./command/redrive.ts";
import { start } from "./command/start.ts";
import { synth } from "./command/synth.ts";
import { token } from "./command/token.ts";
import { trace } from "./command/trace.ts";
import { train } from "./command/train.ts";
import { training } from "./command/training.ts";
import { traffic } from "./command/traffic.ts";
import { upload } from "./command/upload.ts";
import { versions } from "./command/versions.ts";
import { asFailure, EXIT } from "./failure.ts";
import { note, paint, plain } from "./output.ts";

const EXIT_HELP = `
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not found, 4 not allowed, 5 unreachable.
Without --api, commands speak to the Sluice running on this machine, else to the one last deployed from here.`;

const program = new Command("sluice")
  .description("Uploads become predictions, datasets become endpoints: on AWS, or whole on this machine.")
  .version("0.1.0")
  // A command may have a --version of its own.
  .enablePositionalOptions()
  .showHelpAfterError("(add --help for the usage)")
  .addHelpText("after", EXIT_HELP)
  .exitOverride();
for (const command of [
  start,
  upload,
  predictions,
  predict,
  dataset,
  labels,
  train,
  training,
  versions,
  evaluate,
  provision,
  traffic,
  endpoint,
  events,
  trace,
  logs,
  redrive,
  doctor,
  cost,
  token,
  synth,
]) {
  program.addCommand(command);
  for (const one of [command, ...command.commands]) one.exitOverride();
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  else {
    const failure = asFailure(error);
    if (process.argv.includes("--json"))
      note(JSON.stringify({ error: { code: failure.code, message: failure.message, hint: failure.hint } }));
    else {
      note(`${paint("red", failure.code)}: ${plain(failure.message)}`);
      if (failure.hint) note(`  ${plain(failure.hint)}`);
    }
    if (process.env["SLUICE_DEBUG"])
      note(String(failure.cause instanceof Error ? failure.cause.stack : failure.stack));
    process.exitCode = failure.exit;
  }
}
