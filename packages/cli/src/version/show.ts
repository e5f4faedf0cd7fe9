import type { Evaluation } from "@sluice/core/evaluation/evaluation.ts";
import type { ModelVersion } from "@sluice/core/version/version.ts";
import { readBody, type Client } from "../target/client.ts";
import { EXIT, Failure } from "../terminal/failure.ts";
import { paint, sanitize, print, STATUS_STYLE, printTable } from "../terminal/output.ts";

/** Undefined for a version without an evaluation. */
export async function fetchEvaluation(
  api: Client,
  { model, version, evaluationKey }: ModelVersion,
): Promise<Evaluation | undefined> {
  if (!evaluationKey) return undefined;
  try {
    return await readBody(api.versions[":model"][":version"].evaluation.$get({ param: { model, version } }));
  } catch (error) {
    if (error instanceof Failure && error.exit === EXIT.missing) return undefined;
    throw error;
  }
}

export function showVersion(found: ModelVersion) {
  const { model, version, status, reason, source, run, dataset, code, digest, packageUri, bytes, manifest } =
    found;
  print(`${paint("bold", `${model} ${version}`)}  ${paint(STATUS_STYLE[status] ?? "yellow", status)}`);
  const lines: Record<string, string | undefined> = {
    reason,
    source: run ? `training ${run}` : source,
    dataset,
    "evaluated on": found.evaluationDataset !== dataset ? found.evaluationDataset : undefined,
    code,
    task: `${manifest.task}, ${manifest.classes.length} classes, ${manifest.head}`,
    package: `${packageUri} (${bytes} bytes)`,
    digest,
    settings: found.hyperparameters && JSON.stringify(found.hyperparameters),
    created: found.createdAt,
  };
  for (const [name, value] of Object.entries(lines))
    if (value) print(`${name.padEnd(12)} ${sanitize(value)}`);
}

const formatScore = (value: number | undefined) => value?.toFixed(4);

export function showEvaluation(found: Evaluation) {
  const { samples, accuracy, perClass, confusion, calibration, meanAveragePrecision, latencyMs } = found;
  print();
  const parts = [
    `${samples} held-out items`,
    accuracy !== undefined && `accuracy ${formatScore(accuracy)}`,
    meanAveragePrecision &&
      `mAP@.5 ${formatScore(meanAveragePrecision.at50)}, @.5:.95 ${formatScore(meanAveragePrecision.at50to95)}`,
    calibration && `calibration error ${formatScore(calibration.ece)}`,
    latencyMs?.p50 !== undefined && `${latencyMs.p50.toFixed(1)} ms per item`,
  ];
  print(paint("bold", parts.filter(Boolean).join(" · ")));
  if (found.unreadable.length > 0)
    print(paint("yellow", `${found.unreadable.length} items could not be read`));
  if (perClass.length > 0) {
    print();
    printTable(perClass, [
      { title: "class", value: (row) => row.class },
      { title: "precision", value: (row) => formatScore(row.precision) },
      { title: "recall", value: (row) => formatScore(row.recall) },
      { title: "f1", value: (row) => formatScore(row.f1) },
      { title: "items", value: (row) => row.support },
    ]);
  }
  if (!confusion) return;
  print();
  print(paint("dim", "Confusion matrix: true class (rows), predicted class (columns)"));
  printTable(
    confusion.classes.map((name, index) => ({ name, row: confusion.rows[index] ?? [] })),
    [
      { title: "", value: (row) => row.name },
      ...confusion.classes.map((name, column) => ({
        title: shorten(name),
        value: (row: { name: string; row: number[] }) => row.row[column] || "·",
      })),
    ],
  );
}

/** Keeps columns narrow enough for a terminal. */
const shorten = (name: string) => (name.length > 8 ? `${name.slice(0, 7)}…` : name);

interface EvaluatedVersion {
  version: ModelVersion;
  evaluation: Evaluation | undefined;
}

export interface Row {
  metric: string;
  left?: number;
  right?: number;
}

/** All metrics of both versions, then the F1 score or average precision of each class. */
export function compareVersions(left: EvaluatedVersion, right: EvaluatedVersion): Row[] {
  const metricsOf = (one: EvaluatedVersion): Record<string, number> => ({
    ...one.version.metrics,
    ...Object.fromEntries(one.evaluation?.perClass.map((row) => [`${row.class} f1`, row.f1]) ?? []),
    ...Object.fromEntries(
      one.evaluation?.meanAveragePrecision?.perClass.flatMap((row) =>
        row.at50 === undefined ? [] : [[`${row.class} AP50`, row.at50] as const],
      ) ?? [],
    ),
  });
  const [one, other] = [metricsOf(left), metricsOf(right)];
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].map((metric) => ({
    metric,
    left: one[metric],
    right: other[metric],
  }));
}
