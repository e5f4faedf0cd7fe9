// A small picture of what was predicted on. Loaded when its row stays in sight, and kept small.
import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import { useEffect, useRef } from "preact/hooks";
import { blob } from "../api/client.ts";
import { token } from "../api/session.ts";

const SIDE = 32;
const PIXELS = SIDE * 2;
const KEPT = 600;
const AT_ONCE = 4;
/** Who only scrolls by asks for nothing. */
const STAYS_MS = 120;
/** Bigger ones are looked at when opened. */
const MOST_BYTES = 2_000_000;

const kept = new Map<string, ImageBitmap>();
token.subscribe(() => kept.clear());
const queue: Array<() => Promise<void>> = [];
let running = 0;

export function Thumb({ prediction }: { prediction: Prediction }) {
  const { id, task, source } = prediction;
  const canvas = useRef<HTMLCanvasElement>(null);
  const shows = task !== "text-classification" && (source.size ?? 0) <= MOST_BYTES;
  useEffect(() => {
    if (!shows) return undefined;
    const known = kept.get(id);
    if (known) return draw(canvas.current, known);
    const over = new AbortController();
    const timer = setTimeout(() => {
      void later(async () => {
        if (over.signal.aborted) return;
        const picture = await load(id, over.signal);
        if (picture && !over.signal.aborted) draw(canvas.current, picture);
      });
    }, STAYS_MS);
    return () => {
      clearTimeout(timer);
      over.abort();
    };
  }, [id, shows]);
  if (task === "text-classification")
    return (
      <span class="thumb text" aria-hidden="true">
        ¶
      </span>
    );
  return <canvas ref={canvas} class="thumb" width={PIXELS} height={PIXELS} aria-hidden="true" />;
}

async function load(id: string, signal: AbortSignal): Promise<ImageBitmap | undefined> {
  try {
    const picture = await createImageBitmap(
      await blob(`/predictions/${encodeURIComponent(id)}/image`, signal),
    );
    const { width, height } = picture;
    const side = Math.min(width, height);
    const small = await createImageBitmap(picture, (width - side) / 2, (height - side) / 2, side, side, {
      resizeWidth: PIXELS,
      resizeHeight: PIXELS,
      resizeQuality: "medium",
    });
    picture.close();
    kept.set(id, small);
    for (const old of [...kept.keys()].slice(0, -KEPT)) kept.delete(old);
    return small;
  } catch {
    // Gone, or no picture a browser can read: the row tells of it in words.
    return undefined;
  }
}

function draw(canvas: HTMLCanvasElement | null, picture: ImageBitmap) {
  canvas?.getContext("2d")?.drawImage(picture, 0, 0);
  return undefined;
}

async function later(work: () => Promise<void>) {
  queue.push(work);
  if (running >= AT_ONCE) return;
  running++;
  // The newest first: it is what is looked at now.
  for (let next = queue.pop(); next; next = queue.pop()) await next();
  running--;
}
