import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { MAX_RECEIVES } from "@sluice/models/limits.ts";
import { models } from "@sluice/models/index.ts";
import { pascal } from "@sluice/models/names.ts";
import { inProject } from "../../scripts/synth/project.ts";
import { lock, named, ofType, statements } from "./graph.ts";

const queues = ofType("aws:sqs/queue:Queue");
const buckets = ofType("aws:s3/bucket:Bucket").map(({ name }) => name);
const rules = ofType("aws:cloudwatch/eventRule:EventRule").map(({ name }) => `\${${name}.arn}`);
const redrive = (inputs: Record<string, string>) =>
  JSON.parse(inputs["redrivePolicy"]!) as Record<string, unknown>;

describe("every model", () => {
  it.each(models.map((model) => [model.name, model] as const))(
    "%s has its rule, queue and function",
    (_, model) => {
      const name = pascal(model.name);
      const pattern = JSON.parse(named(`${name}Uploads`)["eventPattern"] as string) as Record<string, any>;
      expect(pattern).toMatchObject({ source: ["aws.s3"], "detail-type": ["Object Created"] });
      expect(pattern["detail"].bucket.name).toEqual(["${UploadsBucket.bucket}"]);
      expect(pattern["detail"].object.key).toEqual(model.accepts.prefixes.map((prefix) => ({ prefix })));
      expect(named(`${name}UploadsTarget`)["arn"]).toBe(`\${${name}Queue.arn}`);
      expect(named(`${name}InferSource`)).toMatchObject({
        batchSize: 10,
        eventSourceArn: `\${${name}Queue.arn}`,
        functionName: `\${${name}InferFunction.name}`,
        functionResponseTypes: ["ReportBatchItemFailures"],
      });
    },
  );
});

describe("queues", () => {
  it("have a dead-letter queue with an alarm, or are one", () => {
    const alarms = ofType("aws:cloudwatch/metricAlarm:MetricAlarm").map(({ inputs }) => inputs);
    for (const { name, inputs } of queues) {
      const deadLetters = name.includes("DeadLetter")
        ? name
        : /\{(\w+)\.arn/.exec(`${redrive(inputs)["deadLetterTargetArn"]}`)![1]!;
      expect(deadLetters).toContain("DeadLetter");
      expect(
        alarms.filter(
          ({ metricName, dimensions }) =>
            metricName === "ApproximateNumberOfMessagesVisible" &&
            dimensions.QueueName === `\${${deadLetters}.name}`,
        ),
        `alarms on ${deadLetters}`,
      ).toHaveLength(1);
    }
  });

  it("are encrypted, with a visibility timeout of six times the timeout of the function", () => {
    for (const { inputs } of queues) expect(inputs["sqsManagedSseEnabled"]).toBe(true);
    for (const { inputs } of ofType("aws:lambda/eventSourceMapping:EventSourceMapping")) {
      const queue = named(/\w+/.exec(inputs["eventSourceArn"] as string)![0]);
      const fn = named(/\w+/.exec(inputs["functionName"] as string)![0]);
      expect(queue["visibilityTimeoutSeconds"]).toBeGreaterThanOrEqual(6 * (fn["timeout"] as number));
    }
  });

  it("move a message to the dead letters after as many receives as the functions assume", () => {
    const allowed = queues
      .filter(({ name }) => !name.includes("DeadLetter"))
      .map(({ inputs }) => redrive(inputs)["maxReceiveCount"]);
    expect(new Set(allowed)).toEqual(new Set([MAX_RECEIVES]));
  });

  it("accept messages of their own rule only", () => {
    for (const { inputs } of ofType("aws:sqs/queuePolicy:QueuePolicy")) {
      for (const { Action, Principal, Condition } of statements(inputs["policy"] as string)) {
        expect(Action).toEqual(["sqs:SendMessage"]);
        expect(Principal).toEqual({ Service: ["events.amazonaws.com"] });
        const sources = Condition!["ArnEquals"]!["aws:SourceArn"]!;
        expect(sources.length).toBeGreaterThan(0);
        for (const source of sources) expect(rules).toContain(source);
      }
    }
  });
});

describe("buckets", () => {
  it("expire only copies: objects of asynchronous endpoints, and sums of captured hours", () => {
    const expiring = ofType("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration").flatMap(
      ({ inputs }) =>
        (inputs["rules"] as Record<string, any>[])
          .filter(({ expiration }) => expiration)
          .map(({ filter, expiration }) => [inputs["bucket"], filter.prefix, expiration.days]),
    );
    expect(expiring).toEqual([
      ["${ResultsBucket.bucket}", "async/", 2],
      ["${ResultsBucket.bucket}", "monitoring-hours/", 40],
    ]);
  });

  it("block public access, require TLS, are versioned and encrypted", () => {
    const about = (type: string, bucket: string) =>
      ofType(type).filter(({ inputs }) => inputs["bucket"] === `\${${bucket}.bucket}`)[0]?.inputs;
    expect(buckets).toEqual(["ArtifactsBucket", "PageFilesBucket", "ResultsBucket", "UploadsBucket"]);
    for (const bucket of buckets) {
      expect(about("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", bucket)).toMatchObject({
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      });
      expect(statements(about("aws:s3/bucketPolicy:BucketPolicy", bucket)!["policy"])).toContainEqual(
        expect.objectContaining({
          Effect: "Deny",
          Condition: { Bool: { "aws:SecureTransport": ["false"] } },
        }),
      );
      expect(about("aws:s3/bucketVersioning:BucketVersioning", bucket)).toBeDefined();
      expect(
        about(
          "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
          bucket,
        ),
      ).toBeDefined();
    }
  });

  it("notify EventBridge of uploads", () => {
    expect(named("UploadsNotification")).toEqual({ bucket: "${UploadsBucket.bucket}", eventbridge: true });
  });
});

describe("the graph", () => {
  it("has a table with point-in-time recovery and TTL", () => {
    expect(named("RecordsTable")).toMatchObject({
      pointInTimeRecovery: { enabled: true },
      ttl: { attributeName: "expires", enabled: true },
    });
  });

  it("has only handlers that exist", () => {
    for (const { handler } of Object.values(lock.functions)) {
      const [file, name] = handler.split(/\.(?=\w+$)/) as [string, string];
      expect(existsSync(inProject(`${file}.ts`)), handler).toBe(true);
      expect(readFileSync(inProject(`${file}.ts`), "utf8")).toMatch(
        new RegExp(`export (async function|const) ${name}\\b`),
      );
    }
  });

  it("runs every function on Node 24 and ARM, with a log retention", () => {
    for (const { inputs } of ofType("aws:lambda/function:Function")) {
      expect(inputs).toMatchObject({ runtime: "nodejs24.x", architectures: ["arm64"] });
    }
    for (const { inputs } of ofType("aws:cloudwatch/logGroup:LogGroup")) {
      expect(inputs["retentionInDays"]).toBeGreaterThan(0);
    }
  });

  it("pushes images for x86 with Docker's manifest, as SageMaker requires", () => {
    for (const { inputs } of ofType("docker-build:index:Image"))
      expect(inputs).toMatchObject({
        platforms: ["linux/amd64"],
        exports: [{ registry: { ociMediaTypes: false } }],
      });
  });

  it("allows browsers to send a token to the API from any page", () => {
    const { allowHeaders, allowOrigins } = named("HttpApi")["corsConfiguration"];
    expect(allowOrigins).toEqual(["*"]);
    expect(allowHeaders).toContain("authorization");
  });

  it("installs the version of sharp that the code is tested with", () => {
    const sharp = (folder: string) =>
      (
        JSON.parse(readFileSync(inProject(`packages/${folder}/package.json`), "utf8")) as {
          dependencies: Record<string, string>;
        }
      ).dependencies["sharp"];
    // SST reads the package.json nearest to the handler, and installs the newest version of packages that it does not list.
    expect(sharp("functions")).toBe(sharp("labels"));
    expect(lock.functions["InspectFilesFunction"]!.handler).toMatch(/^packages\/functions\//);
  });

  it("starts handlers under cron/ by schedules, and by nothing else", () => {
    const started = ofType("aws:scheduler/schedule:Schedule").map(
      ({ inputs }) => /\{(\w+)\.arn/.exec(inputs["target"].arn as string)![1]!,
    );
    const ofCron = Object.entries(lock.functions).filter(([, { handler }]) => handler.includes("/cron/"));
    expect(started.length).toBeGreaterThan(3);
    expect(started.toSorted()).toEqual(ofCron.map(([name]) => name).toSorted());
  });

  it("responds to the messages of live clients, and throttles them", () => {
    const routes = ofType("aws:apigatewayv2/route:Route").filter(
      ({ inputs }) => inputs["apiId"] === "${LiveApi.id}",
    );
    expect(routes.map(({ inputs }) => inputs["routeKey"] as string).toSorted()).toEqual([
      "ping",
      "subscribe",
    ]);
    const responding = ofType("aws:apigatewayv2/routeResponse:RouteResponse").map(
      ({ inputs }) => inputs["routeId"],
    );
    for (const { name, inputs } of routes) {
      expect(inputs["routeResponseSelectionExpression"]).toBe("$default");
      expect(responding).toContain(`\${${name}.id}`);
    }
    expect(named("LiveStage")["defaultRouteSettings"]).toEqual({
      throttlingBurstLimit: 500,
      throttlingRateLimit: 100,
    });
  });

  it("sends every event of the app's bus to live clients, two batches at a time", () => {
    expect(JSON.parse(named("LiveChanges")["eventPattern"] as string)).toEqual({ source: ["sluice"] });
    expect(named("SendLiveSource")).toMatchObject({
      batchSize: 10,
      scalingConfig: { maximumConcurrency: 2 },
      functionResponseTypes: ["ReportBatchItemFailures"],
    });
  });
});
