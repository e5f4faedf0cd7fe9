// Metrics per class, calibration and confusion matrix of an evaluation.
import type { Confusion, Evaluation } from "@sluice/core/evaluation/evaluation.ts";
import { Bar } from "../../component/bar.tsx";
import { Grid } from "../../component/grid.tsx";
import { Panel } from "../../component/panel.tsx";
import { formatCount, formatPlural, formatPercent } from "../../format/number.ts";
import { Reliability } from "./reliability.tsx";

interface EvaluationProps {
  evaluation: Evaluation;
}

const shareCell = (value: number) => (
  <span class="shared">
    <Bar share={value} /> {formatPercent(value)}
  </span>
);

export function Scores({ evaluation }: EvaluationProps) {
  const { perClass, calibration, meanAveragePrecision: precision, samples } = evaluation;
  return (
    <>
      {perClass.length > 0 && (
        <Panel title="Per class" aside={formatPlural(samples, "item")}>
          <Grid
            label="Scores per class"
            rows={perClass}
            rowKey={(row) => row.class}
            columns={[
              { title: "Class", cell: (row) => row.class },
              { title: "Precision", cell: (row) => shareCell(row.precision) },
              { title: "Recall", cell: (row) => shareCell(row.recall) },
              { title: "F1", cell: (row) => shareCell(row.f1) },
              { title: "Items", number: true, cell: (row) => formatCount(row.support) },
            ]}
          />
        </Panel>
      )}
      {precision && (
        <Panel
          title="Average precision"
          aside={`mAP50 ${formatPercent(precision.at50)}, mAP50–95 ${formatPercent(precision.at50to95)}`}
        >
          <Grid
            label="Average precision per class"
            rows={precision.perClass}
            rowKey={(row) => row.class}
            columns={[
              { title: "Class", cell: (row) => row.class },
              { title: "AP50", cell: (row) => shareCell(row.at50 ?? 0) },
              { title: "AP50–95", cell: (row) => shareCell(row.at50to95 ?? 0) },
            ]}
          />
        </Panel>
      )}
      {calibration && <Reliability calibration={calibration} />}
    </>
  );
}

export function Errors({ evaluation: { confusion, unreadable } }: EvaluationProps) {
  return (
    <>
      {confusion && (
        <Panel title="Confusion matrix" aside="rows: true class, columns: predicted class">
          <Matrix confusion={confusion} />
        </Panel>
      )}
      {unreadable.length > 0 && (
        <Panel title="Unreadable files" aside={formatPlural(unreadable.length, "file")}>
          <Grid
            label="Unreadable files"
            rows={unreadable}
            rowKey={({ file }) => file}
            columns={[
              { title: "File", wide: true, cell: ({ file }) => <code>{file}</code> },
              { title: "Reason", wide: true, cell: ({ reason }) => reason },
            ]}
          />
        </Panel>
      )}
    </>
  );
}

function Matrix({ confusion: { classes, rows } }: { confusion: Confusion }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Confusion matrix">
      <table class="grid matrix">
        <thead>
          <tr>
            <td />
            {classes.map((name) => (
              <th key={name} scope="col" class="number">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, actual) => {
            const total = Math.max(
              1,
              row.reduce((sum, value) => sum + value, 0),
            );
            return (
              <tr key={classes[actual]}>
                <th scope="row">{classes[actual]}</th>
                {row.map((value, predicted) => (
                  <td
                    key={classes[predicted]}
                    class={`number ${value === 0 ? "none" : actual === predicted ? "right" : "wrong"}`}
                    style={{ "--share": `${Math.round((value / total) * 60)}%` }}
                    title={`${classes[actual]} predicted as ${classes[predicted]}: ${formatPercent(value / total)}`}
                  >
                    {formatCount(value)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
