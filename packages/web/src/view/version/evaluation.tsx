// An evaluation in pictures: what was taken for what, how good each class is, and whether confidence means what it says.
import type { Confusion, Evaluation } from "@sluice/core/evaluation/evaluation.ts";
import { Bar } from "../../component/bar.tsx";
import { Grid } from "../../component/grid.tsx";
import { Panel } from "../../component/panel.tsx";
import { count, many, percent } from "../../format/number.ts";
import { Plot } from "../../plot/plot.tsx";

interface EvaluationProps {
  evaluation: Evaluation;
}

const share = (value: number) => (
  <span class="shared">
    <Bar share={value} /> {percent(value)}
  </span>
);

export function Scores({ evaluation }: EvaluationProps) {
  const { perClass, calibration, meanAveragePrecision: precision, samples } = evaluation;
  return (
    <>
      {perClass.length > 0 && (
        <Panel title="Per class" aside={many(samples, "sample")}>
          <Grid
            label="Scores per class"
            rows={perClass}
            rowKey={(row) => row.class}
            columns={[
              { title: "Class", cell: (row) => row.class },
              { title: "Precision", cell: (row) => share(row.precision) },
              { title: "Recall", cell: (row) => share(row.recall) },
              { title: "F1", cell: (row) => share(row.f1) },
              { title: "Samples", number: true, cell: (row) => count(row.support) },
            ]}
          />
        </Panel>
      )}
      {precision && (
        <Panel
          title="Average precision"
          aside={`mAP50 ${percent(precision.at50)}, mAP50–95 ${percent(precision.at50to95)}`}
        >
          <Grid
            label="Average precision per class"
            rows={precision.perClass}
            rowKey={(row) => row.class}
            columns={[
              { title: "Class", cell: (row) => row.class },
              { title: "at 50 % overlap", cell: (row) => share(row.at50 ?? 0) },
              { title: "at 50 to 95 %", cell: (row) => share(row.at50to95 ?? 0) },
            ]}
          />
        </Panel>
      )}
      {calibration && (
        <Panel title="Calibration" aside={`expected error ${percent(calibration.ece)}`}>
          <Plot
            label={`How often answers of a confidence are right; expected calibration error ${percent(calibration.ece)}`}
            xKind="number"
            x={calibration.bins.filter((bin) => bin.count > 0).map((bin) => bin.confidence)}
            series={[
              {
                name: "right that often",
                values: calibration.bins.filter((bin) => bin.count > 0).map((bin) => bin.accuracy),
                ink: "accent",
              },
              {
                name: "as confident",
                values: calibration.bins.filter((bin) => bin.count > 0).map((bin) => bin.confidence),
                ink: "faint",
                dashed: true,
              },
            ]}
            xRange={[0, 1]}
            yRange={[0, 1]}
            yText={(value) => percent(value, 0)}
          />
        </Panel>
      )}
    </>
  );
}

export function Mistakes({ evaluation: { confusion, unreadable } }: EvaluationProps) {
  return (
    <>
      {confusion && (
        <Panel title="Taken for what" aside="row: what it was; column: what the model said">
          <Matrix confusion={confusion} />
        </Panel>
      )}
      {unreadable.length > 0 && (
        <Panel title="Not evaluated" aside={many(unreadable.length, "file")}>
          <Grid
            label="Files that could not be read"
            rows={unreadable}
            rowKey={({ file }) => file}
            columns={[
              { title: "File", wide: true, cell: ({ file }) => <code>{file}</code> },
              { title: "Why", wide: true, cell: ({ reason }) => reason },
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
          {rows.map((row, was) => {
            const whole = Math.max(
              1,
              row.reduce((sum, value) => sum + value, 0),
            );
            return (
              <tr key={classes[was]}>
                <th scope="row">{classes[was]}</th>
                {row.map((value, said) => (
                  <td
                    key={classes[said]}
                    class={`number ${value === 0 ? "none" : was === said ? "right" : "wrong"}`}
                    style={{ "--share": `${Math.round((value / whole) * 60)}%` }}
                    title={`${classes[was]} taken for ${classes[said]}: ${percent(value / whole)}`}
                  >
                    {count(value)}
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
