// An image in a frame that zooms and scrolls, with boxes over it.
import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import type { Size } from "./box.ts";
import { handleWheel, useDrag, usePinch, useZoom } from "./use-zoom.ts";
import { zoomForKey } from "./zoom.ts";
import { ZoomTools } from "./zoom-tools.tsx";

interface ZoomFrameProps {
  src: string | undefined;
  alt: string;
  /** In pixels of the image. Undefined until it is known. */
  size: Size | undefined;
  /** A drag of the mouse moves the image. Otherwise it draws. */
  dragMoves: boolean;
  onLoad: (size: Size) => void;
  onError: () => void;
  /** Drawn over the loaded image. `scale`: screen pixels per image pixel. */
  children: (scale: number) => ComponentChildren;
}

export function ZoomFrame({ src, alt, size, dragMoves, onLoad, onError, children }: ZoomFrameProps) {
  const frame = useRef<HTMLDivElement>(null);
  const view = useZoom(frame);
  const pinch = usePinch(frame, view);
  const drag = useDrag(frame, dragMoves && view.zoom > 1);
  const [loaded, setLoaded] = useState(false);
  const { zoom, width } = view;
  const press = (event: KeyboardEvent) => {
    const { key, target, ctrlKey, metaKey, altKey } = event;
    if (ctrlKey || metaKey || altKey) return;
    const next = zoomForKey(zoom, key);
    if (next !== undefined) {
      view.zoomTo(next);
      event.preventDefault();
    }
    // The browser scrolls the frame with the arrow keys. Views must not use them then.
    const scrolls = zoom > 1 && key.startsWith("Arrow") && target === frame.current;
    if (next !== undefined || scrolls) event.stopPropagation();
  };
  return (
    <>
      <div
        ref={frame}
        class={`frame zoomable ${zoom > 1 ? "zoomed" : ""}`}
        style={size && { "--ratio": size.width / size.height, "--pixels": `${size.width}px` }}
        tabIndex={0}
        role="group"
        aria-label="Image. Plus and minus zoom, f shows the whole image, arrow keys move it."
        onKeyDown={press}
        onWheel={(event) => handleWheel(event, frame.current!, view)}
        {...pinch}
        {...drag}
      >
        <div class="sheet" style={{ width: width > 0 ? `${width * zoom}px` : "100%" }}>
          {src && (
            <img
              src={src}
              alt={alt}
              draggable={false}
              onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) => {
                setLoaded(true);
                onLoad({ width: naturalWidth, height: naturalHeight });
              }}
              onError={onError}
            />
          )}
          {loaded && size && width > 0 && children((width * zoom) / size.width)}
        </div>
      </div>
      <ZoomTools view={view} />
    </>
  );
}
