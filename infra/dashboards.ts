// One CloudWatch dashboard for each declared model, and one for the app.
import { countedClasses } from "@sluice/models/limits.ts";
import { candidateName, endpointName } from "@sluice/models/names.ts";
import { arnOf, region } from "./account.ts";
import { alarmNames } from "./alarm.ts";
import { alertQueue } from "./alerts.ts";
import { inspect, prepare } from "./datasets.ts";
import { infer } from "./inference.ts";
import { labelFiles } from "./labels.ts";
import { liveQueue } from "./live.ts";
import { eventDeadLetters, queues } from "./queues.ts";
import { appStage } from "./stage.ts";
import { alarmStates, dashboard, graph, type Metric } from "./widgets.ts";

/** Names of core/metrics and core/monitor. */
const NAMESPACE = "Sluice";
/** The only variant of each endpoint. */
const VARIANT = "AllTraffic";
const ONE_DAY = 86_400;
/** CloudWatch's limit. */
const ALARMS_PER_WIDGET = 100;

const prefix = `${appStage.app}-${appStage.stage}`;

type Input = (typeof infer)[number];

const ofModel =
  (model: string) =>
  (metric: string, options: object = {}): Metric => [NAMESPACE, metric, "model", model, options];

const ofQueue = (metric: string, queue: sst.aws.Queue, label: string): Metric => [
  "AWS/SQS",
  metric,
  "QueueName",
  queue.nodes.queue.name,
  { label },
];
const visible = "ApproximateNumberOfMessagesVisible";
const age = "ApproximateAgeOfOldestMessage";

for (const { model, name, fn } of infer)
  dashboard(`${name}Dashboard`, `${prefix}-${model.name}`, modelRows(model, fn));

function modelRows(model: Input["model"], fn: sst.aws.Function) {
  const metric = ofModel(model.name);
  const { queue, deadLetters } = queues.find((one) => one.model === model)!;
  const classes = countedClasses(model.classes);
  const target = model.hosting.target === "local" ? "serverless" : model.hosting.target;
  const ofEndpoint = (metricName: string, options: object = {}): Metric => [
    "AWS/SageMaker",
    metricName,
    "EndpointName",
    endpointName(appStage, model.name, target),
    "VariantName",
    VARIANT,
    options,
  ];
  const ofFunction = (metricName: string, options: object = {}): Metric => [
    "AWS/Lambda",
    metricName,
    "FunctionName",
    fn.name,
    options,
  ];
  return [
    [
      graph({
        title: "Predictions",
        region,
        stacked: true,
        metrics: [metric("completed"), metric("rejected"), metric("failed")],
      }),
      graph({
        title: "Confidence",
        region,
        metrics: ["p10", "p50", "p90"].map((stat) => metric("confidence", { stat, label: stat })),
        line: { label: "threshold", value: model.gate.threshold },
      }),
      graph({
        title: "Time of a prediction (ms, 95th percentile)",
        region,
        stat: "p95",
        metrics: [metric("processingTime"), metric("invokeTime"), metric("queueTime")],
      }),
    ],
    [
      ...(classes.length > 0
        ? [
            graph({
              title: "Predictions by class",
              region,
              stacked: true,
              metrics: classes.map((label) => metric(`class.${label}`, { label })),
            }),
          ]
        : []),
      graph({
        title: "Drift by measure (effect)",
        region,
        period: ONE_DAY,
        stat: "Maximum",
        metrics: [searchDrift(model.name)],
      }),
      graph({
        title: "Estimated quality",
        region,
        period: ONE_DAY,
        stat: "Average",
        metrics: [metric("estimatedAccuracy"), metric("estimatedPrecision")],
      }),
    ],
    [
      graph({
        title: "Endpoint: requests and errors",
        region,
        metrics: [
          ofEndpoint("Invocations"),
          ofEndpoint("Invocation4XXErrors"),
          ofEndpoint("Invocation5XXErrors"),
          [
            "AWS/SageMaker",
            "Invocations",
            "EndpointName",
            candidateName(appStage, model.name, target),
            "VariantName",
            VARIANT,
            { label: "Invocations of the candidate" },
          ],
        ],
      }),
      graph({
        title: "Endpoint: latency (microseconds, 95th percentile)",
        region,
        stat: "p95",
        metrics: [ofEndpoint("ModelLatency"), ofEndpoint("OverheadLatency")],
      }),
    ],
    [
      graph({
        title: "Function",
        region,
        metrics: [
          ofFunction("Invocations"),
          ofFunction("Errors"),
          ofFunction("Throttles"),
          ofFunction("Duration", { stat: "p95", label: "Duration (ms, p95)", yAxis: "right" }),
        ],
      }),
      graph({
        title: "Queue",
        region,
        stat: "Maximum",
        metrics: [
          ofQueue(visible, queue, "waiting"),
          ofQueue(visible, deadLetters, "dead letters"),
          [...ofQueue(age, queue, "").slice(0, -1), { label: "age (s)", yAxis: "right" }],
        ],
      }),
    ],
  ];
}

/** Which measures a model has follows from its inputs, so CloudWatch finds their metrics. */
function searchDrift(model: string): Metric {
  const expression = `SEARCH('{${NAMESPACE},model} drift model="${model}"', 'Maximum', ${ONE_DAY})`;
  return [{ expression, label: "" }];
}

/** A metric of all functions of the stage. */
function searchFunctions(metric: string, stat: string): Metric {
  const expression = `SEARCH('{AWS/Lambda,FunctionName} MetricName="${metric}" ${prefix}', '${stat}')`;
  return [{ expression, label: "" }];
}

const everyModel = (metric: string) =>
  infer.map(({ model }) => ofModel(model.name)(metric, { label: model.name }));

const alarmArns = [...alarmNames]
  .slice(0, ALARMS_PER_WIDGET)
  .map((name) => arnOf("cloudwatch", `alarm:${name}`));

dashboard("AppDashboard", prefix, [
  [alarmStates("Alarms", alarmArns)],
  [
    graph({ title: "Completed predictions", region, stacked: true, metrics: everyModel("completed") }),
    graph({ title: "Rejected predictions", region, stacked: true, metrics: everyModel("rejected") }),
    graph({ title: "Failed predictions", region, stacked: true, metrics: everyModel("failed") }),
  ],
  [
    graph({
      title: "Waiting messages",
      region,
      stat: "Maximum",
      metrics: queues.map(({ model, queue }) => ofQueue(visible, queue, model.name)),
    }),
    graph({
      title: "Age of the oldest message (s)",
      region,
      stat: "Maximum",
      metrics: queues.map(({ model, queue }) => ofQueue(age, queue, model.name)),
    }),
    graph({
      title: "Dead letters",
      region,
      stat: "Maximum",
      metrics: [
        ...[...queues, labelFiles, prepare, inspect, alertQueue, liveQueue].map(({ name, deadLetters }) =>
          ofQueue(visible, deadLetters, name),
        ),
        ofQueue(visible, eventDeadLetters, "Event"),
      ],
    }),
  ],
  [
    graph({ title: "Errors of functions", region, metrics: [searchFunctions("Errors", "Sum")] }),
    graph({ title: "Duration of functions (ms)", region, metrics: [searchFunctions("Duration", "p95")] }),
    graph({
      title: "Drift (1: drifted)",
      region,
      period: ONE_DAY,
      stat: "Maximum",
      metrics: everyModel("drift"),
    }),
  ],
]);
