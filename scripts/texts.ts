// Prints the texts that people read, for a review: node scripts/texts.ts errors|help|api|page
import { globSync, readFileSync } from "node:fs";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "..");

const PRINTERS: Record<string, () => Promise<void> | void> = {
  errors: printErrors,
  help: printHelp,
  api: printApi,
  page: printPage,
};

const print = PRINTERS[process.argv[2] ?? ""];
if (!print) {
  console.error(`Usage: node scripts/texts.ts ${Object.keys(PRINTERS).join("|")}`);
  process.exitCode = 2;
} else await print();

/** The default hint of each code, then the message and hint of each place that throws an error. */
async function printErrors() {
  const { codes } = await import("@sluice/core/error/codes.ts");
  for (const [code, { category, hint }] of Object.entries(codes))
    console.log(`${code} (${category})\n    ${hint}`);
  const { problems } = await import("@sluice/labels/format/problem.ts");
  for (const [code, { severity, fix }] of Object.entries(problems))
    console.log(`${code} (${severity})\n    ${fix}`);
  for (const file of sources("{packages,containers}/*/src/**/*.{ts,tsx}")) {
    const text = read(file);
    for (const { index, 0: start } of text.matchAll(/new (?:\w*Error|Failure)\(|\bproblem\(/g)) {
      const strings = stringsOf(text, index + start.length);
      if (strings.length === 0) continue;
      console.log(`${file}:${text.slice(0, index).split("\n").length}`);
      for (const string of strings) console.log(`    ${string}`);
    }
  }
}

async function printHelp() {
  const { Command } = await import("commander");
  const { COMMANDS } = await import("@sluice/cli/commands.ts");
  const program = new Command("sluice");
  for (const load of Object.values(COMMANDS)) {
    const command = await load();
    program.addCommand(command);
    for (const each of [command, ...command.commands]) {
      each.outputHelp();
      console.log();
    }
  }
}

interface Operation {
  summary?: string;
  description?: string;
  parameters?: Array<{ name: string; description?: string }>;
  responses: Record<string, { description: string }>;
}

async function printApi() {
  const { createApp } = await import("@sluice/api/app.ts");
  const document = (await (await createApp().request("/openapi.json")).json()) as {
    paths: Record<string, Record<string, Operation>>;
    components: { schemas: Record<string, unknown> };
  };
  for (const [route, methods] of Object.entries(document.paths))
    for (const [method, { summary, description, parameters = [], responses }] of Object.entries(methods)) {
      console.log(`${method.toUpperCase()} ${route}\n    ${summary}`);
      if (description) console.log(`    ${description}`);
      for (const { name, description: text } of parameters) if (text) console.log(`    ${name}: ${text}`);
      for (const [status, { description: text }] of Object.entries(responses))
        if (status.startsWith("2")) console.log(`    ${status}: ${text}`);
    }
  for (const [name, schema] of Object.entries(document.components.schemas))
    for (const text of JSON.stringify(schema).matchAll(/"description":"((?:[^"\\]|\\.)*)"/g))
      console.log(`${name}: ${text[1]}`);
}

function printPage() {
  for (const file of sources("packages/web/src/**/*.{ts,tsx}")) {
    const text = read(file).replaceAll(/^\s*(?:\/\/|\/?\*|import ).*$|(?:class|d)="[^"]*"/gm, "");
    const nodes = [
      ...text.matchAll(/(?<=[>}])\s*([^<>{}()=;`$&|]*[A-Za-z]{2}[^<>{}()=;`$&|]*?)\s*(?=<|\{)/g),
    ];
    const texts = [...nodes.map((match) => match[1]!.replaceAll(/\s+/g, " ")), ...stringsOf(text, 0)];
    const isText = (each: string) =>
      /^[A-Z“]|[a-z] [a-z]/.test(each) && !/^(?:[A-Z_]+|export .*|async .*)$/.test(each);
    const shown = texts.filter(isText);
    if (shown.length > 0) console.log([file, ...new Set(shown)].join("\n    "));
  }
}

/** String and template literals from `start` to the closing parenthesis, or to the end of the text. */
function stringsOf(text: string, start: number): string[] {
  const found: string[] = [];
  let depth = 1;
  const token = /"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`|[()]/gy;
  for (let at = start; at < text.length && depth > 0; at++) {
    token.lastIndex = at;
    const match = token.exec(text);
    if (!match) continue;
    at = token.lastIndex - 1;
    if (match[0] === "(") depth++;
    else if (match[0] === ")") depth--;
    else found.push(match[1] ?? match[2] ?? "");
  }
  return found;
}

function sources(pattern: string): string[] {
  return globSync(pattern, { cwd: root })
    .filter((file) => !/\.(test|fixture)\.tsx?$/.test(file))
    .toSorted();
}

function read(file: string): string {
  return readFileSync(path.join(root, file), "utf8");
}
