// A line of a capture file as the item that a window counts.
import type { MonitoredItem } from "@sluice/statistics/window/item.ts";
import { toMonitoredItem } from "@sluice/statistics/window/response.ts";
import * as z from "zod";
import { thresholdOf } from "../inference/gate.ts";
import { ModelResponse } from "../inference/response.ts";
import type { DeclaredModel } from "../model/model.ts";

export interface CapturedItem {
  version: string;
  item: MonitoredItem;
}

const Line = z.object({
  captureData: z.object({
    endpointOutput: z.object({ data: z.string(), encoding: z.enum(["JSON", "CSV", "BASE64"]) }),
  }),
  eventMetadata: z.object({
    eventId: z.string(),
    inferenceId: z.string().optional(),
    inferenceTime: z.iso.datetime({ offset: true }),
  }),
});
const Described = z.object({ descriptors: z.record(z.string(), z.unknown()).catch({}) });

/** A custom container may have its own descriptors; each costs a sketch. */
const MAX_DESCRIPTORS = 50;
const MAX_NAME = 64;

/** Undefined for a line that is not a capture of a prediction. */
export function parseCapture(
  text: string,
  { task, gate }: Pick<DeclaredModel, "task" | "gate">,
): CapturedItem | undefined {
  const line = Line.safeParse(parseJson(text)).data;
  if (!line) return undefined;
  const { data, encoding } = line.captureData.endpointOutput;
  const body = parseJson(encoding === "BASE64" ? Buffer.from(data, "base64").toString("utf8") : data);
  const response = ModelResponse.safeParse(body).data;
  if (response?.task !== task) return undefined;
  const { eventId, inferenceId, inferenceTime } = line.eventMetadata;
  const item = toMonitoredItem(
    { ...response, descriptors: boundedDescriptors(body) },
    {
      id: inferenceId ?? eventId,
      at: Date.parse(inferenceTime),
      reachesGate: (box) => box.confidence >= thresholdOf(gate, box.class),
    },
  );
  return { version: response.version.slice(0, MAX_NAME), item };
}

function boundedDescriptors(body: unknown): object {
  const { descriptors } = Described.parse(body);
  const named = Object.entries(descriptors).filter(
    ([name, value]) => name.length <= MAX_NAME && (name !== "embedding" || isBase64(value)),
  );
  return Object.fromEntries(named.slice(0, MAX_DESCRIPTORS));
}

/** Of 64 bytes at most. */
const isBase64 = (value: unknown) =>
  typeof value === "string" && value.length % 4 === 0 && /^[A-Za-z0-9+/]{2,88}={0,2}$/.test(value);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
