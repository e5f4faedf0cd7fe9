// The graph's alarms and dashboards, as inputs of PutMetricAlarm and PutDashboard.
import { notImplemented } from "../../kernel/error.ts";
import type { ResolvedGraph } from "../../kernel/graph.ts";
import type { Alarm } from "./alarm.ts";

export const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
export const DASHBOARD = "aws:cloudwatch/dashboard:Dashboard";

interface AlarmInputs {
  alarmDescription?: string;
  actionsEnabled?: boolean;
  okActions?: string[];
  alarmActions?: string[];
  insufficientDataActions?: string[];
  metricName?: string;
  namespace?: string;
  statistic?: string;
  extendedStatistic?: string;
  dimensions?: Record<string, string>;
  period?: number;
  unit?: string;
  evaluationPeriods: number;
  datapointsToAlarm?: number;
  threshold?: number;
  comparisonOperator: string;
  treatMissingData?: Alarm["TreatMissingData"];
  metricQueries?: unknown[];
}

export function declaredAlarms(graph: ResolvedGraph): Alarm[] {
  return graph.all<AlarmInputs>(ALARM).map(({ inputs, attributes, name }) => {
    if (inputs.metricQueries?.length) throw notImplemented(`alarms on metric math (${name})`);
    return {
      AlarmName: attributes.name!,
      AlarmDescription: inputs.alarmDescription,
      ActionsEnabled: inputs.actionsEnabled ?? true,
      OKActions: inputs.okActions ?? [],
      AlarmActions: inputs.alarmActions ?? [],
      InsufficientDataActions: inputs.insufficientDataActions ?? [],
      MetricName: inputs.metricName,
      Namespace: inputs.namespace,
      Statistic: inputs.statistic,
      ExtendedStatistic: inputs.extendedStatistic,
      Dimensions: Object.entries(inputs.dimensions ?? {}).map(([Name, Value]) => ({ Name, Value })),
      Period: inputs.period,
      Unit: inputs.unit,
      EvaluationPeriods: inputs.evaluationPeriods,
      DatapointsToAlarm: inputs.datapointsToAlarm,
      Threshold: inputs.threshold,
      ComparisonOperator: inputs.comparisonOperator,
      TreatMissingData: inputs.treatMissingData,
    };
  });
}

export function declaredDashboards(graph: ResolvedGraph) {
  return graph.all<{ dashboardBody: string }>(DASHBOARD).map(({ inputs, attributes }) => ({
    name: attributes["dashboardName"]!,
    body: inputs.dashboardBody,
  }));
}
