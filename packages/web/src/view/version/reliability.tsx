import type { Evaluation } from "@sluice/core/evaluation/evaluation.ts";
import { formatPercent } from "../../format/number.ts";
import { Plot } from "../../plot/plot.tsx";
import { Panel } from "../../component/panel.tsx";

type Calibration = NonNullable<Evaluation["calibration"]>;

/** The reliability diagram of the held-out items. `source`: the version, where the view shows several. */
export function Reliability({
  calibration: { ece, bins },
  source,
}: {
  calibration: Calibration;
  source?: string;
}) {
  const filled = bins.filter(({ count }) => count > 0);
  const error = `expected calibration error ${formatPercent(ece)}`;
  return (
    <Panel title="Calibration" aside={source ? `${source}, ${error}` : error}>
      <Plot
        label={`Accuracy by confidence; ${error}`}
        xKind="number"
        x={filled.map(({ confidence }) => confidence)}
        series={[
          { name: "accuracy", values: filled.map(({ accuracy }) => accuracy), color: "accent" },
          {
            name: "perfect calibration",
            values: filled.map(({ confidence }) => confidence),
            color: "faint",
            dashed: true,
          },
        ]}
        xRange={[0, 1]}
        yRange={[0, 1]}
        yText={(value) => formatPercent(value, 0)}
      />
    </Panel>
  );
}
