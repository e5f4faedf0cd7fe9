// A prediction on one line, and predictions in a table.
import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import { type Column, paint, sanitize, STATUS_STYLE } from "../terminal/output.ts";

/** "car 98.2 %" for a classifier, "3 car, 1 bird" for a detector, or the error code. */
export function formatSummary({
  summary,
  error,
  status,
}: Pick<Prediction, "summary" | "error" | "status">): string {
  if (error && status !== "completed" && status !== "rejected") return error.code;
  if (!summary) return "";
  if (summary.countPerClass) {
    const counts = Object.entries(summary.countPerClass).filter(([, count]) => count > 0);
    return counts.map(([name, count]) => `${count} ${name}`).join(", ") || "no objects";
  }
  const percent = summary.confidence === undefined ? "" : ` ${(summary.confidence * 100).toFixed(1)} %`;
  return `${summary.class ?? ""}${percent}`;
}

const filename = ({ source }: Prediction) => source.key.split("/").at(-1) ?? source.key;

export function predictionLine(prediction: Prediction): string {
  const { id, model, status } = prediction;
  return [
    paint("dim", id),
    model.padEnd(11),
    paint(STATUS_STYLE[status] ?? "white", status.padEnd(10)),
    sanitize(formatSummary(prediction)).padEnd(24),
    sanitize(filename(prediction)),
  ].join("  ");
}

export const predictionColumns: Column<Prediction>[] = [
  { title: "id", value: (row) => row.id },
  { title: "status", value: (row) => row.status, style: (row) => STATUS_STYLE[row.status] },
  { title: "result", value: formatSummary },
  { title: "ms", value: (row) => row.timings?.totalMs ?? 0 },
  { title: "file", value: filename },
  { title: "uploaded", value: (row) => row.uploadedAt ?? row.createdAt },
];
