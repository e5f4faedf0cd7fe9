// The boxes of a label, editable on their image.
import type { Label } from "@sluice/core/label/label.ts";
import { useEffect, useState } from "preact/hooks";
import { api, readBody } from "../../api/client.ts";
import { ActionButton } from "../../component/action.tsx";
import { AnnotatedImage } from "../../component/boxes/annotated-image.tsx";
import { Drawing } from "../../component/boxes/drawing.ts";
import { formatPlural } from "../../format/number.ts";
import { findUnsaved } from "../review/drawings.ts";

interface BoxesProps {
  of: Label & { imageUrl?: string | undefined };
  classes: readonly string[];
  reload: () => void;
}

export function LabelBoxes({ of: label, classes, reload }: BoxesProps) {
  const { model, key, imageUrl, boxes = [], changedAt } = label;
  const [size, setSize] = useState(label.image);
  const [broken, setBroken] = useState(false);
  const [drawing, setDrawing] = useState<Drawing>();
  // Keep unsaved boxes if somebody else changes the label.
  useEffect(() => {
    if (size && !drawing?.changed.peek()) setDrawing(new Drawing(size, classes, boxes));
  }, [size, changedAt]);
  const unsaved = findUnsaved(label.extra?.["prediction"]);
  if (broken) return <p class="hint">Not an image, or deleted</p>;
  const save = async () => {
    if (!drawing) return "";
    const saved = [...drawing.committed];
    const json = { key, boxes: saved, image: size };
    await drawing.lockDuring(readBody(api().labels[":model"].$put({ param: { model }, json })));
    setDrawing(new Drawing(drawing.size, classes, saved));
    reload();
    return `Saved ${formatPlural(saved.length, "box", "boxes")}.`;
  };
  return (
    <AnnotatedImage
      src={imageUrl}
      alt="Labeled image"
      size={size}
      classes={classes}
      drawing={drawing}
      onLoad={(loaded) => setSize((old) => old ?? loaded)}
      onError={() => setBroken(true)}
    >
      {drawing && (
        <figcaption class="actions">
          {unsaved && (
            <button type="button" onClick={() => drawing.replaceAll(unsaved.committed)}>
              Use my boxes from the review
            </button>
          )}
          <ActionButton
            name="Save boxes"
            primary={drawing.changed.value}
            disabled={!drawing.changed.value}
            action={save}
          />
        </figcaption>
      )}
    </AnnotatedImage>
  );
}
