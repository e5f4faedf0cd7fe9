// Uploads files to S3 with presigned forms, a few at a time, with progress.
import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import { signal } from "@preact/signals";
import { api, readBody } from "../../api/client.ts";
import { onLive } from "../../api/live.ts";
import { ApiError, toApiError } from "../../api/problem.ts";
import { uploadFile } from "../../api/upload.ts";
import { typeOf } from "../../format/file.ts";

export interface Upload {
  id: number;
  model: string;
  file: File;
  state: "waiting" | "sending" | "sent" | "failed";
  /** 0 to 1. */
  progress: number;
  key?: string;
  error?: ApiError;
  /** Set by live events. */
  prediction?: Prediction;
}

const CONCURRENCY = 4;

/** Newest last. */
export const uploads = signal<readonly Upload[]>([]);

let workers = 0;
let lastId = 0;

export function uploadFiles(model: string, files: readonly File[]): void {
  const added = files.map((file): Upload => ({ id: ++lastId, model, file, state: "waiting", progress: 0 }));
  uploads.value = [...uploads.peek(), ...added];
  while (workers < CONCURRENCY && uploads.peek().some(({ state }) => state === "waiting")) void runWorker();
}

export function retry({ id }: Upload): void {
  update(id, { state: "waiting", progress: 0 });
  if (workers < CONCURRENCY) void runWorker();
}

const isActive = ({ state }: Upload) => state === "waiting" || state === "sending";

// The browser asks for a confirmation before the page closes.
addEventListener("beforeunload", (event) => {
  if (uploads.peek().some(isActive)) event.preventDefault();
});

export function clearDone(): void {
  uploads.value = uploads.peek().filter(isActive);
}

onLive<Prediction>("prediction", (prediction) => {
  const upload = uploads
    .peek()
    .find(({ key, model }) => key === prediction.source.key && model === prediction.model);
  if (upload) update(upload.id, { prediction });
});

async function runWorker() {
  workers++;
  try {
    for (let next = startNext(); next; next = startNext()) await sendFile(next);
  } finally {
    workers--;
  }
}

function startNext(): Upload | undefined {
  const next = uploads.peek().find(({ state }) => state === "waiting");
  if (next) update(next.id, { state: "sending" });
  return next;
}

async function sendFile({ id, model, file }: Upload) {
  try {
    if (file.size === 0)
      throw new ApiError("OBJECT_EMPTY", `${file.name} is empty.`, {
        hint: "Upload a file that is not empty.",
      });
    const contentType = file.type || typeOf(file.name);
    const form = await readBody(api().uploads.$post({ json: { model, filename: file.name, contentType } }));
    if (file.size > form.maxBytes)
      throw new ApiError(
        "OBJECT_TOO_LARGE",
        `The file has ${file.size} bytes. ${model} accepts up to ${form.maxBytes}.`,
        {
          hint: "Scale the image down or compress it more.",
        },
      );
    // Before the upload, because the live event may arrive before its response.
    update(id, { key: form.key });
    await uploadFile(form, file, (progress) => update(id, { progress }));
    update(id, { state: "sent", progress: 1 });
  } catch (error) {
    update(id, { state: "failed", error: toApiError(error) });
  }
}

function update(id: number, changes: Partial<Upload>) {
  uploads.value = uploads.peek().map((upload) => (upload.id === id ? { ...upload, ...changes } : upload));
}
