// Files on their way: each with its progress, a few at once, straight to S3 by a form the API signs.
import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import { signal } from "@preact/signals";
import { api, body } from "../../api/client.ts";
import { onLive } from "../../api/live.ts";
import { ApiError, asApiError } from "../../api/problem.ts";
import { sendForm } from "../../api/send.ts";
import { typeOf } from "../../format/file.ts";

export interface Upload {
  id: number;
  model: string;
  file: File;
  state: "waiting" | "sending" | "sent" | "refused";
  /** 0 to 1. */
  progress: number;
  key?: string;
  error?: ApiError;
  /** What became of it, as soon as that is known. */
  prediction?: Prediction;
}

const LANES = 4;

/** Newest last. */
export const uploads = signal<readonly Upload[]>([]);

let lanes = 0;
let ids = 0;

export function send(model: string, files: readonly File[]): void {
  const added = files.map((file): Upload => ({ id: ++ids, model, file, state: "waiting", progress: 0 }));
  uploads.value = [...uploads.peek(), ...added];
  while (lanes < LANES && uploads.peek().some(({ state }) => state === "waiting")) void lane();
}

export function again({ id }: Upload): void {
  change(id, { state: "waiting", progress: 0 });
  if (lanes < LANES) void lane();
}

const isUnderway = ({ state }: Upload) => state === "waiting" || state === "sending";

// The browser asks whether one really wants to leave.
addEventListener("beforeunload", (event) => {
  if (uploads.peek().some(isUnderway)) event.preventDefault();
});

/** Takes away what has come to its end. */
export function clearDone(): void {
  uploads.value = uploads.peek().filter(isUnderway);
}

onLive<Prediction>("prediction", (prediction) => {
  const mine = uploads
    .peek()
    .find(({ key, model }) => key === prediction.source.key && model === prediction.model);
  if (mine) change(mine.id, { prediction });
});

async function lane() {
  lanes++;
  try {
    for (let next = take(); next; next = take()) await sendOne(next);
  } finally {
    lanes--;
  }
}

function take(): Upload | undefined {
  const next = uploads.peek().find(({ state }) => state === "waiting");
  if (next) change(next.id, { state: "sending" });
  return next;
}

async function sendOne({ id, model, file }: Upload) {
  try {
    if (file.size === 0)
      throw new ApiError("FILE_EMPTY", `${file.name} is empty.`, { hint: "Send one that holds something." });
    const contentType = file.type || typeOf(file.name);
    const form = await body(api().uploads.$post({ json: { model, filename: file.name, contentType } }));
    if (file.size > form.maxBytes)
      throw new ApiError("OBJECT_TOO_LARGE", `It has ${file.size} bytes; ${model} takes ${form.maxBytes}.`, {
        hint: "Scale the picture down or compress it more.",
      });
    // Known before the file is: its prediction may be told of sooner than the answer to the form.
    change(id, { key: form.key });
    await sendForm(form, file, (progress) => change(id, { progress }));
    change(id, { state: "sent", progress: 1 });
  } catch (error) {
    change(id, { state: "refused", error: asApiError(error) });
  }
}

function change(id: number, changes: Partial<Upload>) {
  uploads.value = uploads.peek().map((upload) => (upload.id === id ? { ...upload, ...changes } : upload));
}
