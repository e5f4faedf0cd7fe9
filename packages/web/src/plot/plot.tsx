// Lines and points over time or over steps, drawn by uPlot in the page's colours. One example of use:
// <Plot label="Loss" x={epochs} series={[{ name: "train", values: losses, ink: "accent" }]} xKind="number" />
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { isDark } from "../shell/theme.ts";

export type Ink = "accent" | "good" | "warn" | "bad" | "faint";

export interface Series {
  name: string;
  values: Array<number | null>;
  ink: Ink;
  /** Points alone, for what is no course but single happenings. */
  points?: boolean;
  dashed?: boolean;
}

interface PlotProps {
  /** For those who cannot see it: what it shows, and what one learns from it. */
  label: string;
  /** Epoch milliseconds for `time`. */
  x: number[];
  series: Series[];
  xKind?: "time" | "number";
  /** Where the axis begins and ends, as `x`; from the first to the last value without it. */
  xRange?: [number, number] | undefined;
  yRange?: [number, number];
  /** A line that values have to reach. */
  threshold?: number | undefined;
  yText?: (value: number) => string;
  height?: number;
}

export function Plot(props: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const { label, x, series, height = 180 } = props;
  const dark = isDark();
  const shape = JSON.stringify([
    series.map(({ name, ink, points, dashed }) => [name, ink, points, dashed]),
    props.xKind,
    props.xRange,
  ]);
  const plot = useRef<uPlot>(undefined);
  const data = (): uPlot.AlignedData => [
    props.xKind === "number" ? x : x.map((at) => at / 1_000),
    ...series.map(({ values }) => values),
  ];

  useEffect(() => {
    const element = box.current!;
    const made = new uPlot(options(props, element), data(), element);
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, [shape, dark, height, props.threshold]);
  useEffect(() => plot.current?.setData(data()), [x, series]);

  return (
    <figure class="plot">
      <div ref={box} role="img" aria-label={label} style={{ height: `${height}px` }} />
      <figcaption>
        {series.map(({ name, ink, dashed }) => (
          <span key={name} class={`key ${ink} ${dashed ? "dashed" : ""}`}>
            {name}
          </span>
        ))}
        {props.threshold !== undefined && <span class="key line">threshold</span>}
      </figcaption>
    </figure>
  );
}

const WHOLE = [1, 2, 5]
  .flatMap((step) => [step, step * 10, step * 100, step * 1_000])
  .toSorted((a, b) => a - b);

function options(props: PlotProps, element: HTMLElement): uPlot.Options {
  const { series, height = 180, xKind = "time", xRange, yRange, yText, threshold } = props;
  const unit = xKind === "time" ? 1_000 : 1;
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(`--ink-${name}`).trim() || style.color;
  const axis: uPlot.Axis = {
    stroke: colour("faint"),
    font: `11px ${style.fontFamily}`,
    grid: { stroke: colour("line"), width: 1 },
    ticks: { show: false },
  };
  return {
    width: element.clientWidth,
    height,
    legend: { show: false },
    cursor: { y: false, points: { size: 6 } },
    padding: [8, 8, 0, 0],
    scales: {
      x: { time: xKind === "time", ...(xRange && { range: [xRange[0] / unit, xRange[1] / unit] }) },
      y: yRange ? { range: yRange } : {},
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: xKind === "time" ? 40 : 26,
        // There is no half of an epoch.
        ...(xKind === "number" && props.x.every(Number.isInteger) && { incrs: WHOLE }),
      },
      { ...axis, size: 48, ...(yText && { values: (_: uPlot, splits: number[]) => splits.map(yText) }) },
    ],
    series: [
      {},
      ...series.map(({ name, ink, points, dashed }): uPlot.Series => ({
        label: name,
        stroke: colour(ink),
        width: points ? 0 : 1.75,
        ...(dashed && { dash: [5, 4] }),
        ...(points && { paths: () => null, points: { show: true, size: 5, fill: colour(ink), width: 0 } }),
        spanGaps: true,
      })),
    ],
    hooks: threshold === undefined ? {} : { draw: [(plot) => lineAt(plot, threshold, colour("text"))] },
  };
}

function lineAt(plot: uPlot, value: number, colour: string) {
  const { ctx, bbox } = plot;
  const y = Math.round(plot.valToPos(value, "y", true)) + 0.5;
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.setLineDash([2, 3]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.restore();
}
