// A version and its evaluation as people read them.
import type { Evaluation } from "@sluice/core/evaluation/evaluation.ts";
import type { ModelVersion } from "@sluice/core/version/version.ts";
import { body, type Client } from "../client.ts";
import { EXIT, Failure } from "../failure.ts";
import { paint, plain, say, STATUS_STYLE, table } from "../output.ts";

/** None for a version that was not evaluated. */
export async function evaluationIn(
  api: Client,
  { model, version, evaluationKey }: ModelVersion,
): Promise<Evaluation | undefined> {
  if (!evaluationKey) return undefined;
  try {
    return await body(api.versions[":model"][":version"].evaluation.$get({ param: { model, version } }));
  } catch (error) {
    if (error instanceof Failure && error.exit === EXIT.missing) return undefined;
    throw error;
  }
}

export function showVersion(found: ModelVersion) {
  const { model, version, status, reason, source, run, dataset, code, digest, packageUri, bytes, about } =
    found;
  say(`${paint("bold", `${model} ${version}`)}  ${paint(STATUS_STYLE[status] ?? "yellow", status)}`);
  const lines: Record<string, string | undefined> = {
    reason,
    from: run ? `training ${run}` : source,
    dataset,
    "judged on": found.evaluationDataset !== dataset ? found.evaluationDataset : undefined,
    code,
    task: `${about.task}, ${about.classes.length} classes, ${about.head}`,
    package: `${packageUri} (${bytes} bytes)`,
    digest,
    settings: found.hyperparameters && JSON.stringify(found.hyperparameters),
    created: found.createdAt,
  };
  for (const [name, value] of Object.entries(lines)) if (value) say(`${name.padEnd(9)} ${plain(value)}`);
}

const share = (value: number | undefined) => value?.toFixed(4);

export function showEvaluation(found: Evaluation) {
  const { samples, accuracy, perClass, confusion, calibration, meanAveragePrecision, latencyMs } = found;
  say();
  const parts = [
    `${samples} held-out items`,
    accuracy !== undefined && `accuracy ${share(accuracy)}`,
    meanAveragePrecision &&
      `mAP@.5 ${share(meanAveragePrecision.at50)}, @.5:.95 ${share(meanAveragePrecision.at50to95)}`,
    calibration && `calibration error ${share(calibration.ece)}`,
    latencyMs?.p50 !== undefined && `${latencyMs.p50.toFixed(1)} ms each`,
  ];
  say(paint("bold", parts.filter(Boolean).join(" · ")));
  if (found.unreadable.length > 0) say(paint("yellow", `${found.unreadable.length} could not be read`));
  if (perClass.length > 0) {
    say();
    say(
      table(perClass, [
        { title: "class", value: (row) => row.class },
        { title: "precision", value: (row) => share(row.precision) },
        { title: "recall", value: (row) => share(row.recall) },
        { title: "f1", value: (row) => share(row.f1) },
        { title: "items", value: (row) => row.support },
      ]),
    );
  }
  if (!confusion) return;
  say();
  say(paint("dim", "What it was (rows), and what the model said (columns):"));
  say(
    table(
      confusion.classes.map((name, index) => ({ name, row: confusion.rows[index] ?? [] })),
      [
        { title: "", value: (row) => row.name },
        ...confusion.classes.map((name, column) => ({
          title: short(name),
          value: (row: { name: string; row: number[] }) => row.row[column] || "·",
        })),
      ],
    ),
  );
}

/** Columns stay narrow enough for a terminal. */
const short = (name: string) => (name.length > 8 ? `${name.slice(0, 7)}…` : name);

interface Judged {
  version: ModelVersion;
  evaluation: Evaluation | undefined;
}

export interface Row {
  what: string;
  left?: number;
  right?: number;
}

/** The figures both have or one of them, then each class's f1, or its average precision. */
export function compared(left: Judged, right: Judged): Row[] {
  const figures = (one: Judged): Record<string, number> => ({
    ...one.version.metrics,
    ...Object.fromEntries(one.evaluation?.perClass.map((row) => [`${row.class} f1`, row.f1]) ?? []),
    ...Object.fromEntries(
      one.evaluation?.meanAveragePrecision?.perClass.flatMap((row) =>
        row.at50 === undefined ? [] : [[`${row.class} AP50`, row.at50] as const],
      ) ?? [],
    ),
  });
  const [one, other] = [figures(left), figures(right)];
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].map((what) => ({
    what,
    left: one[what],
    right: other[what],
  }));
}
