// A detector's label: its boxes on the picture, to be set right there.
import type { Label } from "@sluice/core/label/label.ts";
import { useEffect, useState } from "preact/hooks";
import { api, body } from "../../api/client.ts";
import { Act } from "../../component/act.tsx";
import { Drawing } from "../../component/boxes/drawing.ts";
import { BoxEditor } from "../../component/boxes/editor.tsx";
import { BoxTools } from "../../component/boxes/tools.tsx";
import { many } from "../../format/number.ts";
import { unsaid } from "../review/drawings.ts";

interface BoxesProps {
  of: Label & { imageUrl?: string | undefined };
  classes: readonly string[];
  reload: () => void;
}

export function LabelBoxes({ of: label, classes, reload }: BoxesProps) {
  const { model, key, imageUrl, boxes = [], changedAt } = label;
  const [size, setSize] = useState(label.image);
  const [broken, setBroken] = useState(false);
  const [loaded, setLoaded] = useState(false);
  const [drawing, setDrawing] = useState<Drawing>();
  // What is drawn stays, even where somebody else changes the label meanwhile.
  useEffect(() => {
    if (size && !drawing?.changed.peek()) setDrawing(new Drawing(size, classes, boxes));
  }, [size, changedAt]);
  const mine = unsaid(label.extra?.["prediction"]);
  if (broken) return <p class="hint">not a picture, or gone</p>;
  const save = async () => {
    if (!drawing) return "";
    const said = [...drawing.settled];
    const json = { key, boxes: said, image: size };
    await drawing.sealedFor(body(api().labels[":model"].$put({ param: { model }, json })));
    setDrawing(new Drawing(drawing.size, classes, said));
    reload();
    return `It has ${many(said.length, "box", "boxes")} now.`;
  };
  return (
    <figure class="picture">
      <div class="frame">
        <img
          src={imageUrl}
          alt="What the label is of"
          onLoad={({ currentTarget: { naturalWidth: width, naturalHeight: height } }) => {
            setLoaded(true);
            setSize((known) => known ?? { width, height });
          }}
          onError={() => setBroken(true)}
        />
        {loaded && drawing && <BoxEditor drawing={drawing} />}
      </div>
      {loaded && drawing && (
        <figcaption class="stack">
          <BoxTools drawing={drawing} />
          <div class="actions">
            {mine && (
              <button type="button" onClick={() => drawing.take(mine.settled)}>
                Take what you drew in review
              </button>
            )}
            <Act
              name="Save the boxes"
              primary={drawing.changed.value}
              disabled={!drawing.changed.value}
              act={save}
            />
          </div>
        </figcaption>
      )}
    </figure>
  );
}
