// Imports late ground truth: rows are joined to predictions by id or by upload key. A bad row is reported, never fatal.
import * as z from "zod";
import { byName } from "@sluice/models/index.ts";
import { SluiceError } from "../error/error.ts";
import { commit } from "../event/record.ts";
import type { Prediction } from "../prediction/prediction.ts";
import { fn } from "../util/fn.ts";
import { weekOf } from "./accuracy.ts";
import { type GroundTruthOutcome, GroundTruth, GroundTruthRow } from "./ground-truth.ts";
import { findPredictions, type RowProblem } from "./join.ts";
import { type LabelsOfFile, labelTruths } from "./labels.ts";
import { planTruths, type Truth, type TruthOutcome } from "./plan.ts";

/** DynamoDB's transaction holds 100 items; two are the week and its event. */
const TRUTHS_PER_WRITE = 90;
const MAX_ATTEMPTS = 20;

export const importGroundTruth = fn(
  GroundTruth.extend({
    now: z.number(),
    /** Of rows without a time. Default: now. */
    labelledAt: z.iso.datetime().optional(),
    file: z.custom<LabelsOfFile>().optional(),
  }),
  async ({ rows, now, labelledAt, file }): Promise<GroundTruthOutcome> => {
    const defaultAt = labelledAt ?? new Date(now).toISOString();
    const parsed = rows.map((row) => GroundTruthRow.safeParse(row));
    const invalid = parsed.flatMap(({ error }, row): RowProblem[] => {
      const issue = error?.issues[0];
      const field = issue?.path.length ? `${issue.path.join(".")}: ` : "";
      return issue ? [{ row, code: "INPUT_INVALID", message: `${field}${issue.message}.` }] : [];
    });
    const valid = parsed.flatMap(({ data }, row) => (data ? [{ row, data }] : []));
    const { found, problems } = await findPredictions(valid);
    const checked = found.map((one) => ({ ...one, ...toTruth(one.prediction, one.data, defaultAt) }));
    const unusable = checked.flatMap(({ row, problem }) => (problem ? [{ row, ...problem }] : []));
    const truths = checked.flatMap(({ truth }) => truth ?? []);
    const { counts, latest } = await writeTruths(truths, now);
    await labelTruths(latest, now, file);
    const all = [...invalid, ...problems, ...unusable].toSorted((a, b) => a.row - b.row);
    return { ...counts, problems: all.map((one) => ({ ...one, row: one.row + 1 })) };
  },
);

function toTruth(
  prediction: Prediction,
  { label, labelledAt }: GroundTruthRow,
  defaultAt: string,
): { truth?: Truth; problem?: Omit<RowProblem, "row"> } {
  const refuse = (message: string) => ({ problem: { code: "INPUT_INVALID", message } });
  const { id, model, status, task, summary } = prediction;
  if (task === "object-detection")
    return refuse(`${id} has boxes. Use reviews for the accuracy of ${model}.`);
  if (status !== "completed" && status !== "rejected")
    return refuse(`${id} is ${status}, so it has no result.`);
  const { classes } = byName(model)!;
  if (!classes.includes(label)) return refuse(`label: "${label}" is not one of ${classes.join(", ")}.`);
  const at = new Date(labelledAt ?? defaultAt).toISOString();
  const correct = label === summary?.class;
  return { truth: { prediction, label, correct, source: "ground truth", group: "random", labelledAt: at } };
}

type Counts = Omit<GroundTruthOutcome, "problems">;

/** `latest`: of each prediction, by the time of the truth. */
async function writeTruths(truths: Truth[], now: number): Promise<{ counts: Counts; latest: Truth[] }> {
  const counts: Counts = { added: 0, changed: 0, unchanged: 0, older: 0 };
  const add = (outcomes: TruthOutcome[]) => outcomes.forEach((outcome) => (counts[outcome] += 1));
  const latest = new Map<string, Truth>();
  for (const truth of truths.toSorted((a, b) => (a.labelledAt < b.labelledAt ? -1 : 1))) {
    const { id } = truth.prediction;
    if (latest.has(id)) add([latest.get(id)!.label === truth.label ? "unchanged" : "older"]);
    latest.set(id, truth);
  }
  const groups = Map.groupBy(
    latest.values(),
    ({ prediction }) => `${prediction.model} ${weekOf(prediction.createdAt)}`,
  );
  for (const group of groups.values())
    for (let start = 0; start < group.length; start += TRUTHS_PER_WRITE)
      add(await writeGroup(group.slice(start, start + TRUTHS_PER_WRITE), now));
  return { counts, latest: [...latest.values()] };
}

async function writeGroup(truths: Truth[], now: number): Promise<TruthOutcome[]> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const { outcomes, writes, events } = await planTruths(truths, now);
    const changes = outcomes.some((outcome) => outcome === "added" || outcome === "changed");
    if (!changes || (await commit(events, now, writes))) return outcomes;
  }
  throw new SluiceError(
    "TABLE_FAILED",
    `Ground truth was not written: other writers changed the week ${MAX_ATTEMPTS} times.`,
  );
}
