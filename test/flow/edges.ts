// The edges of the pipeline that a test plays itself: objects, the model's answers, the bus.
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { InvokeEndpointCommand, SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { mockClient } from "aws-sdk-client-mock";

/** A PNG header, pixel chunk and end: enough for a look at the header. */
export function png(width: number, height: number): Buffer {
  const chunk = (name: string, data: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    return Buffer.concat([length, Buffer.from(name), data, Buffer.alloc(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  const signature = Buffer.from("89504e470d0a1a0a", "hex");
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", Buffer.alloc(4)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

const body = (bytes: Uint8Array) => ({ transformToByteArray: () => Promise.resolve(bytes) });

export function answer(probability: number) {
  const rest = (1 - probability) / 4;
  const predictions = [
    { class: "car", probability },
    ...["truck", "bus", "motorcycle", "bicycle"].map((name) => ({ class: name, probability: rest })),
  ];
  const timing = { decodeMs: 1, preprocessMs: 1, inferenceMs: 2, postprocessMs: 0, totalMs: 4 };
  return {
    model: "vehicles",
    version: "v1",
    task: "image-classification",
    predictions,
    timing,
    image: { width: 8, height: 8 },
  };
}

/** Everything works until a test says otherwise. */
export function edges() {
  const objects = mockClient(S3Client);
  const models = mockClient(SageMakerRuntimeClient);
  const bus = mockClient(EventBridgeClient);
  const works = () => {
    objects.reset();
    models.reset();
    bus.reset();
    objects.on(GetObjectCommand).callsFake(() => ({ Body: body(png(8, 8)) }));
    objects.on(PutObjectCommand).resolves({});
    models.on(InvokeEndpointCommand).callsFake(() => ({ Body: Buffer.from(JSON.stringify(answer(0.97))) }));
    bus.on(PutEventsCommand).resolves({ FailedEntryCount: 0 });
  };
  const events = () =>
    bus
      .commandCalls(PutEventsCommand)
      .flatMap((call) => call.args[0].input.Entries ?? [])
      .map((entry) => ({ type: entry.DetailType, detail: JSON.parse(entry.Detail ?? "{}") }));
  const keys = () => objects.commandCalls(PutObjectCommand).map((call) => call.args[0].input.Key ?? "");
  return { objects, models, bus, works, events, keys };
}

export function failure(name: string, message = name, more: object = {}): Error {
  return Object.assign(new Error(message), { name, ...more });
}

let message = 0;
export function delivery(key: string, receives = 1, time = "2026-11-21T04:00:00Z") {
  message += 1;
  const object = { key, size: 100, etag: "e1", "version-id": "v1", sequencer: "01" };
  const event = {
    version: "0",
    id: "event",
    "detail-type": "Object Created",
    source: "aws.s3",
    account: "000000000000",
    time,
    region: "us-east-1",
    resources: ["arn:aws:s3:::uploads"],
    detail: { version: "0", bucket: { name: "uploads" }, object, reason: "PutObject" },
  };
  return { messageId: `m${message}`, receiptHandle: `r${message}`, body: JSON.stringify(event), receives };
}
