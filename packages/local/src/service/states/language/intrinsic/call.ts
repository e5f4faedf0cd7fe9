import { StateError } from "../error.ts";
import type { Json } from "../json.ts";
import type { Path } from "../path/parse.ts";
import { functions, type RandomSource } from "./functions.ts";
import type { Argument, Call } from "./parse.ts";

/** Evaluates a call. `read` finds the value of a path, or throws. */
export function evaluateCall(call: Call, read: (path: Path) => Json, chance: RandomSource): Json {
  const found = Object.hasOwn(functions, call.name) ? functions[call.name] : undefined;
  if (!found) throw new StateError("States.IntrinsicFailure", `Unknown function States.${call.name}`);
  const [min, max, run] = found;
  const given = call.arguments.map((one) => evaluateArgument(one, read, chance));
  if (given.length < min || given.length > max)
    throw new StateError("States.IntrinsicFailure", `Invalid number of arguments for States.${call.name}`);
  return run(given, chance);
}

function evaluateArgument(argument: Argument, read: (path: Path) => Json, chance: RandomSource): Json {
  if (argument.type === "value") return argument.value;
  return argument.type === "path" ? read(argument.path) : evaluateCall(argument.call, read, chance);
}
