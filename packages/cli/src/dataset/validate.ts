import { Command } from "commander";
import type { Problem, ProblemCode } from "@sluice/labels/format/problem.ts";
import { problems as known } from "@sluice/labels/format/problem.ts";
import { Failure } from "../terminal/failure.ts";
import { paint, sanitize, printJson, createProgressBar, print } from "../terminal/output.ts";
import { openCollection, findModel, withSourceOptions, type SourceOptions } from "./source.ts";

/** Problems printed of each kind; the others are counted. */
const MAX_PROBLEMS = 10;

interface ProblemKind {
  count: number;
  shown: Problem[];
}

export const validate = withSourceOptions(
  new Command("validate")
    .description(
      "Check a dataset and print every problem with its file and fix; exits with 1 on errors that prevent training",
    )
    .argument("<source>", "a folder, or s3://bucket/prefix/"),
  [
    "npx sluice datasets validate photos --model cats",
    "npx sluice datasets validate s3://my-bucket/data/cats/ --json | jq '.found[].code'",
  ],
).action(async (source: string, options: SourceOptions) => {
  const model = await findModel(options);
  const collection = await openCollection(source, options);
  const { validateDataset: validateCollection } = await import("@sluice/labels/validate/validate.ts");
  const bar = createProgressBar("inspecting files");
  const found = new Map<ProblemCode, ProblemKind>();
  const run = validateCollection(collection, { model, format: options.format, onProgress: bar.update });
  let step = await run.next();
  for (; !step.done; step = await run.next()) {
    const one = step.value;
    const kind = found.get(one.code) ?? { count: 0, shown: [] };
    found.set(one.code, kind);
    kind.count += 1;
    if (options.json || kind.shown.length < MAX_PROBLEMS) kind.shown.push(one);
  }
  bar.clear();
  const summary = step.value;
  const kinds = [...found].toSorted(([a], [b]) => severityOrder(a) - severityOrder(b));
  if (options.json) printJson({ ...summary, found: kinds.flatMap(([, { shown }]) => shown) });
  else {
    print(
      `${paint("bold", sanitize(collection.name))}  ${summary.items} labels as ${summary.format}, ${summary.task}`,
    );
    for (const [code, kind] of kinds) showKind(code, kind);
    const { error, warning } = summary.problems;
    print(
      error + warning === 0
        ? `\n${paint("green", "No problems.")}`
        : `\n${error} errors, ${warning} warnings.`,
    );
  }
  if (summary.problems.error > 0)
    throw new Failure("DATASET_INVALID", `${summary.problems.error} errors prevent training.`, {
      hint: options.json
        ? undefined
        : `The first ${MAX_PROBLEMS} of each kind are printed above; --json prints all.`,
    });
});

const severityOrder = (code: ProblemCode) => (known[code].severity === "error" ? 0 : 1);

function showKind(code: ProblemCode, { count, shown }: ProblemKind) {
  const { severity } = known[code];
  print(`\n${paint(severity === "error" ? "red" : "yellow", severity)} ${paint("bold", code)}  ${count}`);
  let fix: string | undefined;
  for (const one of shown) {
    const place = `${one.file}${one.line === undefined ? "" : `:${one.line}`}`;
    print(`  ${paint("cyan", sanitize(place))}  ${sanitize(one.message)}`);
    if (one.fix !== known[code].fix) print(`    ${sanitize(one.fix)}`);
    else fix = one.fix;
  }
  if (count > shown.length) print(paint("dim", `  and ${count - shown.length} more (--json prints all)`));
  if (fix) print(`  ${paint("dim", "fix:")} ${fix}`);
}
