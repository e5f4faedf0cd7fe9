// An image with its boxes, to look at or to edit: zoom, legend, confidence.
import type { ComponentChildren } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { Size } from "./box.ts";
import { ConfidenceSlider } from "./confidence.tsx";
import { Display, type ImageBox, type ShownBox } from "./display.ts";
import type { Drawing } from "./drawing.ts";
import { BoxEditor } from "./editor.tsx";
import { Legend } from "./legend.tsx";
import { BoxTools } from "./tools.tsx";
import { BoxViewer } from "./viewer.tsx";
import { ZoomFrame } from "./zoom-frame.tsx";

interface AnnotatedImageProps {
  src: string | undefined;
  alt: string;
  /** Default: the size of the loaded image. */
  size?: Size | undefined;
  /** In the order of the declaration. */
  classes: readonly string[];
  /** Of a model. Undefined: it is no model for boxes. */
  boxes?: readonly ImageBox[] | undefined;
  /** Of the model, then those of single classes. */
  thresholds?: readonly number[];
  /** Makes boxes editable. Those of the model below the threshold can be shown besides. */
  drawing?: Drawing | undefined;
  onLoad?: (size: Size) => void;
  onError: () => void;
  children?: ComponentChildren;
}

const NONE: readonly ImageBox[] = [];

export function AnnotatedImage(props: AnnotatedImageProps) {
  const { src, alt, classes, boxes = NONE, thresholds = [], drawing, onLoad, onError, children } = props;
  const [natural, setNatural] = useState<Size>();
  const [display] = useState(() => new Display());
  const size = props.size ?? natural;
  const editing = drawing !== undefined;
  const adjustable = editing ? boxes.filter(({ below }) => below) : boxes;
  const [hidden, confidence] = [display.hidden.value, display.confidence.value];
  const shown = useMemo<ShownBox[]>(
    () =>
      boxes
        .map((box, at) => ({ ...box, at: editing ? -1 : at }))
        .filter(
          (box) => display.reaches(box) && !display.isHidden(box.class) && (!editing || box.below === true),
        ),
    [boxes, editing, hidden, confidence],
  );
  return (
    <figure class="picture">
      <ZoomFrame
        src={src}
        alt={alt}
        size={size}
        dragMoves={!editing}
        onLoad={(loaded) => {
          setNatural(loaded);
          onLoad?.(loaded);
        }}
        onError={onError}
      >
        {(scale) =>
          drawing ? (
            <BoxEditor drawing={drawing} display={display} suggestions={shown} scale={scale} />
          ) : (
            props.boxes && <BoxViewer boxes={shown} classes={classes} size={size!} scale={scale} />
          )
        }
      </ZoomFrame>
      <Legend boxes={drawing?.boxes.value ?? boxes} classes={classes} display={display} />
      {adjustable.length > 0 && thresholds.length > 0 && (
        <ConfidenceSlider
          label={editing ? "Also show boxes below threshold from" : "Confidence at least"}
          display={display}
          thresholds={thresholds}
        />
      )}
      {drawing && <BoxTools drawing={drawing} />}
      {children}
    </figure>
  );
}
