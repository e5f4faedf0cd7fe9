// A small image of a prediction. It is loaded when its row stays visible, and cached at thumbnail size.
import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import { useEffect, useRef } from "preact/hooks";
import { readBlob } from "../../api/client.ts";
import { token } from "../../api/session.ts";

const SIDE = 32;
const PIXELS = SIDE * 2;
const CACHE_SIZE = 600;
const CONCURRENCY = 4;
/** Rows that only scroll by are not loaded. */
const DELAY_MS = 120;
/** Larger images are not loaded for a thumbnail. */
const MAX_BYTES = 2_000_000;

const cache = new Map<string, ImageBitmap>();
token.subscribe(() => cache.clear());
const queue: Array<() => Promise<void>> = [];
let running = 0;

export function Thumbnail({ prediction }: { prediction: Prediction }) {
  const { id, task, source } = prediction;
  const canvas = useRef<HTMLCanvasElement>(null);
  const hasImage = task !== "text-classification" && (source.size ?? 0) <= MAX_BYTES;
  useEffect(() => {
    if (!hasImage) return undefined;
    const cached = cache.get(id);
    if (cached) return draw(canvas.current, cached);
    const controller = new AbortController();
    const timer = setTimeout(() => {
      void enqueue(async () => {
        if (controller.signal.aborted) return;
        const image = await load(id, controller.signal);
        if (image && !controller.signal.aborted) draw(canvas.current, image);
      });
    }, DELAY_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [id, hasImage]);
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
    const image = await createImageBitmap(
      await readBlob(`/predictions/${encodeURIComponent(id)}/image`, signal),
    );
    const { width, height } = image;
    const side = Math.min(width, height);
    const small = await createImageBitmap(image, (width - side) / 2, (height - side) / 2, side, side, {
      resizeWidth: PIXELS,
      resizeHeight: PIXELS,
      resizeQuality: "medium",
    });
    image.close();
    cache.set(id, small);
    for (const old of [...cache.keys()].slice(0, -CACHE_SIZE)) cache.delete(old);
    return small;
  } catch {
    // Deleted, or not an image. The row shows the error as text.
    return undefined;
  }
}

function draw(canvas: HTMLCanvasElement | null, image: ImageBitmap) {
  canvas?.getContext("2d")?.drawImage(image, 0, 0);
  return undefined;
}

async function enqueue(work: () => Promise<void>) {
  queue.push(work);
  if (running >= CONCURRENCY) return;
  running++;
  // The newest first, because it is visible now.
  for (let next = queue.pop(); next; next = queue.pop()) await next();
  running--;
}
