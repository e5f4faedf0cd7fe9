import { Command } from "commander";
import type { Problem, ProblemCode } from "@sluice/labels/format/problem.ts";
import { problems as known } from "@sluice/labels/format/problem.ts";
import { Failure } from "../../failure.ts";
import { paint, plain, printJson, progressOf, say } from "../../output.ts";
import { collectionAt, modelOf, reads, type SourceOptions } from "./source.ts";

/** Of each kind of problem; the rest are counted. */
const SHOWN = 10;

interface Found {
  count: number;
  shown: Problem[];
}

export const validate = reads(
  new Command("validate")
    .description("Name every problem of a dataset with its file and its fix; fails where training would")
    .argument("<place>", "a folder, or s3://bucket/prefix/"),
  [
    "sluice dataset validate photos --model cats",
    "sluice dataset validate s3://my-bucket/data/cats/ --json | jq '.found[].code'",
  ],
).action(async (place: string, options: SourceOptions) => {
  const model = await modelOf(options);
  const collection = await collectionAt(place, options);
  const { validate: judge } = await import("@sluice/labels/validate/validate.ts");
  const bar = progressOf("looking");
  const found = new Map<ProblemCode, Found>();
  const run = judge(collection, { model, format: options.format, onProgress: bar.at });
  let step = await run.next();
  for (; !step.done; step = await run.next()) {
    const one = step.value;
    const kind = found.get(one.code) ?? { count: 0, shown: [] };
    found.set(one.code, kind);
    kind.count += 1;
    if (options.json || kind.shown.length < SHOWN) kind.shown.push(one);
  }
  bar.end();
  const verdict = step.value;
  const kinds = [...found].toSorted(([a], [b]) => order(a) - order(b));
  if (options.json) printJson({ ...verdict, found: kinds.flatMap(([, { shown }]) => shown) });
  else {
    say(
      `${paint("bold", plain(collection.name))}  ${verdict.items} labels as ${verdict.format}, ${verdict.task}`,
    );
    for (const [code, kind] of kinds) tell(code, kind);
    const { error, warning } = verdict.problems;
    say(
      error + warning === 0
        ? `\n${paint("green", "No problems.")}`
        : `\n${error} errors, ${warning} warnings.`,
    );
  }
  if (verdict.problems.error > 0)
    throw new Failure("DATASET_INVALID", `${verdict.problems.error} errors stand in the way of training.`, {
      hint: options.json ? undefined : `Each kind is named above with its first ${SHOWN}; --json lists all.`,
    });
});

const order = (code: ProblemCode) => (known[code].severity === "error" ? 0 : 1);

function tell(code: ProblemCode, { count, shown }: Found) {
  const { severity } = known[code];
  say(`\n${paint(severity === "error" ? "red" : "yellow", severity)} ${paint("bold", code)}  ${count}`);
  let fix: string | undefined;
  for (const one of shown) {
    const place = `${one.file}${one.line === undefined ? "" : `:${one.line}`}`;
    say(`  ${paint("cyan", plain(place))}  ${plain(one.message)}`);
    if (one.fix !== known[code].fix) say(`    ${plain(one.fix)}`);
    else fix = one.fix;
  }
  if (count > shown.length) say(paint("dim", `  and ${count - shown.length} more (--json lists all)`));
  if (fix) say(`  ${paint("dim", "fix:")} ${fix}`);
}
