// Checks the body of a dashboard as CloudWatch does: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
import { AwsError } from "../../kernel/error.ts";
import { METRICS_PER_DASHBOARD, METRICS_PER_WIDGET, WIDGETS_PER_DASHBOARD } from "./limits.ts";

interface Problem {
  dataPath: string;
  message: string;
}
type Report = (dataPath: string, message: string) => void;
type Fields = Record<string, unknown>;

const TYPES = ["metric", "text", "log", "alarm", "explorer", "custom"];
const GRID_COLUMNS = 24;
const MAX_HEIGHT = 1_000;
const NO_STRING = 'Invalid metric field type, only "String" type is allowed';
const NO_ARRAY =
  'Field "metrics" has to be an array of array of strings, with an optional metricRenderer object as last element';

export function checkDashboardBody(body: string): void {
  const document = parse(body);
  if (!isObject(document))
    throw new AwsError("DashboardInvalidInputError", "The field DashboardBody must be a valid JSON object");
  const problems: Problem[] = [];
  checkWidgets(document["widgets"], (dataPath, message) => problems.push({ dataPath, message }));
  if (problems.length === 0) return;
  throw new AwsError(
    "DashboardInvalidInputError",
    `The dashboard body is invalid, there are ${problems.length} validation errors:\n${JSON.stringify(problems, null, 2)}`,
    {
      fields: {
        dashboardValidationMessages: problems.map(({ dataPath, message }) => ({
          DataPath: dataPath,
          Message: message,
        })),
      },
    },
  );
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function checkWidgets(widgets: unknown, report: Report): void {
  if (widgets === undefined) return report("", "Should have required property 'widgets'");
  if (!Array.isArray(widgets)) return report("/widgets", "Should be array");
  if (widgets.length > WIDGETS_PER_DASHBOARD)
    report("/widgets", `Should NOT have more than ${WIDGETS_PER_DASHBOARD} items`);
  widgets.forEach((widget, index) => checkWidget(widget, `/widgets/${index}`, report));
  const metrics = widgets.reduce<number>((sum, widget) => sum + (metricsOf(widget)?.length ?? 0), 0);
  if (metrics > METRICS_PER_DASHBOARD)
    report("/widgets", `Should NOT have more than ${METRICS_PER_DASHBOARD} metrics`);
}

function metricsOf(widget: unknown): unknown[] | undefined {
  const properties = isObject(widget) && isObject(widget["properties"]) ? widget["properties"] : {};
  return Array.isArray(properties["metrics"]) ? properties["metrics"] : undefined;
}

function checkWidget(widget: unknown, at: string, report: Report): void {
  if (!isObject(widget)) return report(at, "Should be object");
  const { type, properties } = widget;
  checkInteger(widget["x"], `${at}/x`, { min: 0, max: GRID_COLUMNS - 1 }, report);
  checkInteger(widget["y"], `${at}/y`, { min: 0, max: Infinity }, report);
  checkInteger(widget["width"], `${at}/width`, { min: 1, max: GRID_COLUMNS }, report);
  checkInteger(widget["height"], `${at}/height`, { min: 1, max: MAX_HEIGHT }, report);
  if (type === undefined) report(at, "Should have required property 'type'");
  else if (!TYPES.includes(type as string))
    report(`${at}/type`, "Should be equal to one of the allowed values");
  if (properties === undefined) return report(at, "Should have required property 'properties'");
  if (!isObject(properties)) return report(`${at}/properties`, "Should be object");
  if (type === "text" && typeof properties["markdown"] !== "string")
    report(`${at}/properties`, "Should have required property 'markdown'");
  if (type === "metric") checkMetricWidget(properties, `${at}/properties`, report);
}

function checkInteger(
  value: unknown,
  at: string,
  { min, max }: { min: number; max: number },
  report: Report,
): void {
  if (value === undefined) return;
  if (!Number.isInteger(value)) return report(at, "Should be integer");
  if ((value as number) < min) report(at, `Should be >= ${min}`);
  if ((value as number) > max) report(at, `Should be <= ${max}`);
}

function checkMetricWidget(properties: Fields, at: string, report: Report): void {
  const { metrics, annotations } = properties;
  if (metrics === undefined && annotations === undefined)
    return report(at, "Should have required property 'metrics'");
  if (properties["region"] === undefined && !isAlarmOnly(properties))
    report(at, "Should have required property 'region'");
  if (metrics === undefined) return;
  if (!Array.isArray(metrics)) return report(`${at}/metrics`, "Should be array");
  if (metrics.length < 1) report(`${at}/metrics`, "Should NOT have fewer than 1 items");
  if (metrics.length > METRICS_PER_WIDGET)
    report(`${at}/metrics`, `Should NOT have more than ${METRICS_PER_WIDGET} items`);
  metrics.forEach((row, index) => checkMetric(row, `${at}/metrics/${index}`, report));
}

const isAlarmOnly = ({ metrics, annotations }: Fields) =>
  metrics === undefined && isObject(annotations) && annotations["alarms"] !== undefined;

/** `[namespace, name, dimension, value ..., options]`, or `[{ expression }]`. */
function checkMetric(row: unknown, at: string, report: Report): void {
  if (!Array.isArray(row)) {
    report(at, "Should be array");
    return report(at, NO_ARRAY);
  }
  const names = isObject(row.at(-1)) ? row.slice(0, -1) : row;
  names.forEach((name, index) => {
    if (typeof name !== "string") report(`${at}/${index}`, NO_STRING);
  });
  const isExpression = names.length === 0 && isObject(row[0]) && row[0]["expression"] !== undefined;
  if (!isExpression && names.length < 2) report(at, "Should NOT have fewer than 2 items");
  // A dimension without a value.
  if (names.length > 2 && names.length % 2 === 1)
    report(at, `Should NOT have more than ${names.length - 1} items`);
}
