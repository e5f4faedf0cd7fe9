// One lane: a thread that holds the model, and the caller's side of talking to it.
import { Worker } from "node:worker_threads";
import "../telemetry.ts";
import { InferenceError } from "../error.ts";
import { saidBy } from "../output/said.ts";
import { NotDrawn, type ValueInfo } from "./feeds.ts";
import type { LaneData, LaneReport } from "./lane.ts";
import { type Place, newMemory, placeIn } from "./place.ts";
import type { Lane, Ran } from "./queue.ts";
import { forget, newSignals, remember, stop, wake } from "./signals.ts";

export interface OpenLane extends Lane {
  /** The model's, as it was opened. */
  file: string;
  inputs: ValueInfo[];
  outputs: ValueInfo[];
  alive(): boolean;
  close(): Promise<void>;
}

interface Asked {
  place: Place;
  resolve(ran: Ran): void;
  reject(error: unknown): void;
}

export async function openLane(
  about: Pick<LaneData, "file" | "shareIn" | "threads" | "manifest">,
  room: number,
): Promise<OpenLane> {
  const memories = Array.from({ length: room }, newMemory);
  const signals = newSignals();
  const workerData: LaneData = { ...about, memories, signals };
  const worker = new Worker(new URL("./lane.ts", import.meta.url), { workerData, execArgv: [] });
  remember(signals);
  /** Answered in the order they were asked. */
  const asked: Asked[] = [];
  let dead: Error | undefined;
  const die = (error: Error) => {
    forget(signals);
    dead ??= error;
    // What it still said may come after the news of its death, when nobody waits for it any more.
    worker.removeAllListeners("message");
    for (const { reject } of asked.splice(0)) reject(dead);
  };
  worker.on("error", die);
  const gone = new Promise<void>((resolve) => {
    worker.once("exit", (code) => {
      die(new Error(`the model's thread ended with ${code}`));
      resolve();
    });
  });
  const report = await new Promise<LaneReport>((resolve, reject) => {
    worker.once("message", resolve);
    void gone.then(() => reject(dead!));
  });
  if ("failed" in report) {
    await gone;
    throw new InferenceError(
      "PACKAGE_INVALID",
      422,
      `model.onnx cannot be loaded: ${report.failed}`,
      "Export the model again, with operators ONNX Runtime's CPU provider knows.",
    );
  }

  const names = report.inputs.map(({ name }) => name);
  const free = memories.map((memory) => placeIn(memory, names));
  worker.on("message", () => {
    const { place, resolve, reject } = asked.shift()!;
    const outcome = place.readAnswer();
    free.push(place);
    if ("read" in outcome) {
      const said = outcome.read.map((numbers) => saidBy(numbers, about.manifest));
      resolve({ said, times: outcome.times });
    } else if ("notDrawn" in outcome) reject(new NotDrawn(outcome.notDrawn));
    else if ("error" in outcome) reject(new Error(outcome.error));
    else {
      const { code, status, message, hint } = outcome.refused;
      reject(new InferenceError(code, status, message, hint));
    }
  });

  return {
    ...report,
    room,
    run: (group) =>
      new Promise((resolve, reject) => {
        if (dead) return reject(dead);
        const [place] = free as [Place];
        place.writeRequests(group);
        free.shift();
        asked.push({ place, resolve, reject });
        wake(signals);
      }),
    alive: () => dead === undefined,
    close() {
      stop(signals);
      return gone;
    },
  };
}
