// A gallery of labeled images and texts, with links to their labels.
import type { Label } from "@sluice/core/label/label.ts";
import { useState } from "preact/hooks";
import { fileName, typeOf } from "../format/file.ts";

export interface Sample extends Pick<Label, "label" | "boxes" | "text"> {
  key: string;
  imageUrl?: string | undefined;
  href: string;
}

export function Samples({ of: samples }: { of: Sample[] }) {
  return (
    <ul class="samples">
      {samples.map((sample) => (
        <li key={sample.key}>
          <a href={sample.href} title={sample.key}>
            <LabeledItem of={sample} />
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

/** The image with its boxes, or the text. */
export function LabeledItem({ of: { key, text, imageUrl, boxes } }: { of: Omit<Sample, "href"> }) {
  const [size, setSize] = useState<[width: number, height: number]>();
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
          onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) =>
            setSize([naturalWidth, naturalHeight])
          }
          onError={() => setBroken(true)}
        />
      )}
      {boxes && size && (
        <svg class="boxes" viewBox={`0 0 ${size.join(" ")}`} aria-hidden="true">
          {boxes.map(({ x, y, width, height }, index) => (
            <rect key={index} {...{ x, y, width, height }} />
          ))}
        </svg>
      )}
    </div>
  );
}
