// A gallery of labeled images and texts, with links to their labels.
import type { Label } from "@sluice/core/label/label.ts";
import { useState } from "preact/hooks";
import { fileName, typeOf } from "../format/file.ts";
import type { Size } from "./boxes/box.ts";
import { Scene } from "./boxes/scene.tsx";

export interface Sample extends Pick<Label, "label" | "boxes" | "text"> {
  key: string;
  imageUrl?: string | undefined;
  href: string;
}

/** `classes`: of the model, in the order of the declaration. */
export function Samples({ of: samples, classes }: { of: Sample[]; classes: readonly string[] }) {
  return (
    <ul class="samples">
      {samples.map((sample) => (
        <li key={sample.key}>
          <a href={sample.href} title={sample.key}>
            <LabeledItem of={sample} classes={classes} />
            <strong>{labelText(sample)}</strong>
            <span class="faint">{fileName(sample.key)}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

/** "car" for a classifier, "room, door" for the classes of boxes. */
export const labelText = ({ label, boxes = [] }: Pick<Sample, "label" | "boxes">) =>
  label ?? ([...new Set(boxes.map((box) => box.class))].join(", ") || "no objects");

interface LabeledItemProps {
  of: Omit<Sample, "href">;
  classes: readonly string[];
}

/** The image with its boxes, or the text. */
export function LabeledItem({ of: { key, text, imageUrl, boxes }, classes }: LabeledItemProps) {
  const [size, setSize] = useState<Size>();
  const [broken, setBroken] = useState(false);
  if (text !== undefined) return <blockquote>{text}</blockquote>;
  if (typeOf(key) === "text/plain") return <blockquote class="faint">¶ text file</blockquote>;
  return (
    <div class="frame">
      {broken ? (
        <span class="hint">Not an image, or deleted</span>
      ) : (
        <img
          src={imageUrl}
          alt=""
          loading="lazy"
          onLoad={({ currentTarget: { naturalWidth: width, naturalHeight: height } }) =>
            setSize({ width, height })
          }
          onError={() => setBroken(true)}
        />
      )}
      {boxes && size && (
        <svg class="boxes" viewBox={`0 0 ${size.width} ${size.height}`} aria-hidden="true">
          <Scene boxes={boxes} classes={classes} />
        </svg>
      )}
    </div>
  );
}
