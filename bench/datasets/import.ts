// A label file of a million lines from the bucket into the table: how long it takes and how much memory, with the function's
// own code against the embedded S3 and DynamoDB. The import in a process of its own, so that the peak is this work's alone.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { testCloud } from "@sluice/local/kernel/testing-cloud.ts";
import { dynamodb } from "@sluice/local/service/dynamodb/plugin.ts";
import { events } from "@sluice/local/service/events/plugin.ts";
import { s3 } from "@sluice/local/service/s3/plugin.ts";
import { tableResource } from "../../test/flow/stage.ts";
import type { Report } from "../run/measurement.ts";
import { percent } from "../support/table.ts";
import type { Imported } from "./importing.ts";

const GOAL_MB = 256;
/** A function may take so long; what is not written then is begun again. */
const GOAL_MINUTES = 15;
/** What a small function would have. With more, V8 lets garbage grow into it before it looks. */
const HEAP = ["--max-semi-space-size=8", "--max-old-space-size=128"];
const CLASSES = ["car", "truck", "bus", "motorcycle", "bicycle"];
const bus = { name: "Bus", type: "aws:cloudwatch/eventBus:EventBus", inputs: { name: "bus" } };

/** `labels`: lines of the file. */
export async function run(labels: number, report: Report) {
  const folder = mkdtempSync(path.join(tmpdir(), "import-bench-"));
  const cloud = await testCloud({
    plugins: [s3, dynamodb, events],
    graph: { resources: [tableResource, bus] },
  });
  const client = new S3Client(cloud.client);
  try {
    const file = path.join(folder, "labels.csv");
    await draw(file, labels);
    await client.send(new CreateBucketCommand({ Bucket: "uploads" }));
    const key = "labels/vehicles/million.csv";
    const size = statSync(file).size;
    await client.send(
      new PutObjectCommand({
        Bucket: "uploads",
        Key: key,
        Body: createReadStream(file),
        ContentLength: size,
      }),
    );
    const found = await importInChild(cloud.environment);
    report({
      title: "Importing a label file (processor: of the import alone)",
      rows: [
        {
          labels: labels.toLocaleString("en"),
          "file MB": size / 1e6,
          seconds: found.seconds,
          [`of ${GOAL_MINUTES} min`]: percent(found.seconds / 60, GOAL_MINUTES),
          "a second": labels / found.seconds,
          "processor s": found.processorS,
          "peak MB": found.peakMb,
          [`of ${GOAL_MB} MB`]: percent(found.peakMb, GOAL_MB),
          added: found.added,
          problems: found.problemCount,
        },
      ],
    });
    if (found.added !== labels || found.problemCount > 0)
      throw new Error(`Of ${labels} labels ${found.added} were added, with ${found.problemCount} problems.`);
  } finally {
    client.destroy();
    await cloud.dispose();
    rmSync(folder, { recursive: true });
  }
}

async function draw(file: string, labels: number) {
  const out = createWriteStream(file);
  out.write("file,label,annotator\n");
  for (let at = 0; at < labels; at++) {
    const name = CLASSES[(at * 7) % CLASSES.length]!;
    if (!out.write(`${name}/camera-${at % 40}/${String(at).padStart(8, "0")}.jpg,${name},worker ${at % 9}\n`))
      await once(out, "drain");
  }
  out.end();
  await once(out, "finish");
}

async function importInChild(environment: Record<string, string>): Promise<Imported> {
  const program = path.join(import.meta.dirname, "importing.ts");
  const child = spawn(process.execPath, [...HEAP, program], {
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      ...process.env,
      ...environment,
      SLUICE_LOG_LEVEL: "SILENT",
      SST_RESOURCE_App: '{"name":"sluice","stage":"bench"}',
      SST_RESOURCE_Table: '{"name":"sluice"}',
      SST_RESOURCE_Bus: '{"name":"bus"}',
      SST_RESOURCE_UploadsBucket: '{"name":"uploads"}',
    },
  });
  const [printed, [code]] = await Promise.all([text(child.stdout), once(child, "exit")]);
  if (code !== 0) throw new Error(`The import ended with ${code}.`);
  return JSON.parse(printed) as Imported;
}
