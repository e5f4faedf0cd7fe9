// Widgets of CloudWatch dashboards, laid out in rows.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html

const GRID_COLUMNS = 24;
const HEIGHT = 6;
const FIVE_MINUTES = 300;

type Text = $util.Input<string>;
/** Namespace, name, dimensions, and options at the end. */
export type Metric = $util.Input<string | MetricOptions>[];
interface MetricOptions {
  stat?: string;
  label?: string;
  expression?: string;
  yAxis?: "right";
}

interface Graph {
  title: string;
  metrics: Metric[];
  region: Text;
  /** Default: `Sum`. */
  stat?: string;
  period?: number;
  stacked?: boolean;
  /** A horizontal line. */
  line?: { label: string; value: number };
}

export const graph = ({
  title,
  metrics,
  region,
  stat = "Sum",
  period = FIVE_MINUTES,
  stacked = false,
  line,
}: Graph) => ({
  type: "metric",
  properties: {
    title,
    region,
    view: "timeSeries",
    stacked,
    stat,
    period,
    metrics,
    ...(line && { annotations: { horizontal: [line] } }),
  },
});

/** The state of alarms, by their ARNs. */
export const alarmStates = (title: string, alarms: Text[]) => ({
  type: "alarm",
  properties: { title, alarms },
});

type Widget = ReturnType<typeof graph> | ReturnType<typeof alarmStates>;

/** The widgets of a row share its width. */
function placeRows(rows: Widget[][]) {
  return rows.flatMap((widgets, row) => {
    const width = Math.floor(GRID_COLUMNS / widgets.length);
    return widgets.map((widget, column) => ({
      x: column * width,
      y: row * HEIGHT,
      width,
      height: HEIGHT,
      ...widget,
    }));
  });
}

export function dashboard(name: string, title: string, rows: Widget[][]) {
  return new aws.cloudwatch.Dashboard(name, {
    dashboardName: title,
    dashboardBody: $jsonStringify({ widgets: placeRows(rows) }),
  });
}
