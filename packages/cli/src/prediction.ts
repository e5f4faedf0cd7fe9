// A prediction on one line, and many in a table.
import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import { paint, plain, STATUS_STYLE, table } from "./output.ts";

/** "car 98.2 %", or for a detector "3 found: car, bird". */
export function finding({ summary, error, status }: Prediction): string {
  if (error && status !== "completed" && status !== "rejected") return error.code;
  if (!summary) return "";
  if (summary.countPerClass) {
    const counts = Object.entries(summary.countPerClass).filter(([, count]) => count > 0);
    return counts.map(([name, count]) => `${count} ${name}`).join(", ") || "nothing found";
  }
  const percent = summary.confidence === undefined ? "" : ` ${(summary.confidence * 100).toFixed(1)} %`;
  return `${summary.class ?? ""}${percent}`;
}

const fileOf = ({ source }: Prediction) => source.key.split("/").at(-1) ?? source.key;

export function predictionLine(prediction: Prediction): string {
  const { id, model, status } = prediction;
  return [
    paint("dim", id),
    model.padEnd(11),
    paint(STATUS_STYLE[status] ?? "white", status.padEnd(10)),
    plain(finding(prediction)).padEnd(24),
    plain(fileOf(prediction)),
  ].join("  ");
}

export function predictionTable(predictions: readonly Prediction[]): string {
  return table(predictions, [
    { title: "id", value: (row) => row.id },
    { title: "status", value: (row) => row.status, style: (row) => STATUS_STYLE[row.status] },
    { title: "finding", value: finding },
    { title: "ms", value: (row) => row.timings?.totalMs ?? 0 },
    { title: "file", value: fileOf },
    { title: "uploaded", value: (row) => row.uploadedAt ?? row.createdAt },
  ]);
}
