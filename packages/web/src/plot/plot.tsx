// Lines and points over time or steps, drawn by uPlot in the colors of the page. Example:
// <Plot label="Loss" x={epochs} series={[{ name: "train", values: losses, color: "accent" }]} xKind="number" />
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { isDark } from "../style/theme.ts";

export type SeriesColor = "accent" | "good" | "warn" | "bad" | "faint";

export interface Series {
  name: string;
  values: Array<number | null>;
  color: SeriesColor;
  /** Points without a line, for single events. */
  points?: boolean;
  dashed?: boolean;
}

interface PlotProps {
  /** For screen readers: what the plot shows. */
  label: string;
  /** Epoch milliseconds for `time`. */
  x: number[];
  series: Series[];
  xKind?: "time" | "number";
  /** Range of the axis. Default: first to last value. */
  xRange?: [number, number] | undefined;
  yRange?: [number, number];
  /** Drawn as a line. */
  threshold?: number | undefined;
  yText?: (value: number) => string;
  height?: number;
}

export function Plot(props: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const { label, x, series, height = 180 } = props;
  const dark = isDark();
  const shape = JSON.stringify([
    series.map(({ name, color, points, dashed }) => [name, color, points, dashed]),
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
    const created = new uPlot(options(props, element), data(), element);
    plot.current = created;
    const observer = new ResizeObserver(() => created.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      created.destroy();
      plot.current = undefined;
    };
  }, [shape, dark, height, props.threshold]);
  useEffect(() => plot.current?.setData(data()), [x, series]);

  return (
    <figure class="plot">
      <div ref={box} role="img" aria-label={label} style={{ height: `${height}px` }} />
      <figcaption>
        {series.map(({ name, color, dashed }) => (
          <span key={name} class={`key ${color} ${dashed ? "dashed" : ""}`}>
            {name}
          </span>
        ))}
        {props.threshold !== undefined && <span class="key line">threshold</span>}
      </figcaption>
    </figure>
  );
}

const INTEGER_STEPS = [1, 2, 5]
  .flatMap((step) => [step, step * 10, step * 100, step * 1_000])
  .toSorted((a, b) => a - b);

function options(props: PlotProps, element: HTMLElement): uPlot.Options {
  const { series, height = 180, xKind = "time", xRange, yRange, yText, threshold } = props;
  const unit = xKind === "time" ? 1_000 : 1;
  const style = getComputedStyle(element);
  const colorOf = (name: string) => style.getPropertyValue(`--ink-${name}`).trim() || style.color;
  const axis: uPlot.Axis = {
    stroke: colorOf("faint"),
    font: `11px ${style.fontFamily}`,
    grid: { stroke: colorOf("line"), width: 1 },
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
        // Epochs have no fractions.
        ...(xKind === "number" && props.x.every(Number.isInteger) && { incrs: INTEGER_STEPS }),
      },
      { ...axis, size: 48, ...(yText && { values: (_: uPlot, splits: number[]) => splits.map(yText) }) },
    ],
    series: [
      {},
      ...series.map(({ name, color, points, dashed }): uPlot.Series => ({
        label: name,
        stroke: colorOf(color),
        width: points ? 0 : 1.75,
        ...(dashed && { dash: [5, 4] }),
        ...(points && { paths: () => null, points: { show: true, size: 5, fill: colorOf(color), width: 0 } }),
        spanGaps: true,
      })),
    ],
    hooks: threshold === undefined ? {} : { draw: [(plot) => drawLine(plot, threshold, colorOf("text"))] },
  };
}

function drawLine(plot: uPlot, value: number, color: string) {
  const { ctx, bbox } = plot;
  const y = Math.round(plot.valToPos(value, "y", true)) + 0.5;
  ctx.save();
  ctx.strokeStyle = color;
  ctx.setLineDash([2, 3]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.restore();
}
