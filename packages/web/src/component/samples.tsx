// Labelled pictures and texts, small, side by side; each leads to its label.
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
            <Labelled of={sample} />
            <strong>{namesOf(sample)}</strong>
            <span class="faint">{fileName(sample.key)}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

/** "car", or what the boxes hold: "room, door". */
export const namesOf = ({ label, boxes = [] }: Pick<Sample, "label" | "boxes">) =>
  label ?? ([...new Set(boxes.map((box) => box.class))].join(", ") || "nothing to see");

/** The picture with its boxes, or the text. */
export function Labelled({ of: { key, text, imageUrl, boxes } }: { of: Omit<Sample, "href"> }) {
  const [size, setSize] = useState<[width: number, height: number]>();
  const [broken, setBroken] = useState(false);
  if (text !== undefined) return <blockquote>{text}</blockquote>;
  if (typeOf(key) === "text/plain") return <blockquote class="faint">¶ a text in its own file</blockquote>;
  return (
    <div class="frame">
      {broken ? (
        <span class="hint">not a picture, or gone</span>
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
