// Replaced names of commands and options. They still work, but are not in the help, and a warning names the new one.

/** By the words of the command. */
const COMMANDS: Record<string, string> = {
  "endpoint history": "deployments list",
  "review settle": "reviews resolve",
  "reviews settle": "reviews resolve",
  dataset: "datasets",
  endpoint: "endpoints",
  review: "reviews",
  token: "tokens",
  training: "trainings",
};

/** By command. */
const OPTIONS: Record<string, Record<string, string>> = {
  "datasets generate": { "--images": "--samples" },
  "datasets prepare": { "--no-wait": "--detach" },
  "endpoints benchmark": { "--at-once": "--concurrency" },
  provision: { "--model": "--package" },
  redrive: { "--no-wait": "--detach" },
};

/** The first two words of the command line, or the first one, if the table has them. */
const findCommand = (args: string[], table: object): string | undefined =>
  [args.slice(0, 2).join(" "), args[0] ?? ""].find((words) => Object.hasOwn(table, words));

export function replaceOldNames(args: string[], warn: (message: string) => void): string[] {
  const replace = (old: string, name: string) => {
    warn(`${old} is deprecated. Use ${name}.`);
    return name;
  };
  const old = findCommand(args, COMMANDS);
  const current =
    old === undefined
      ? args
      : [...replace(old, COMMANDS[old]!).split(" "), ...args.slice(old.split(" ").length)];
  const options = OPTIONS[findCommand(current, OPTIONS) ?? ""] ?? {};
  return current.map((arg) => {
    const [name] = arg.split("=", 1) as [string];
    return Object.hasOwn(options, name) ? replace(name, options[name]!) + arg.slice(name.length) : arg;
  });
}
