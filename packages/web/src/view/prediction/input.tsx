// What was predicted on: the picture with what was found in it, or the text.
import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import type { Result } from "@sluice/core/inference/result.ts";
import { useEffect, useState } from "preact/hooks";
import { blob } from "../../api/client.ts";
import { useRemote } from "../../api/remote.ts";
import type { Drawing } from "../../component/boxes/drawing.ts";
import { BoxEditor } from "../../component/boxes/editor.tsx";
import { BoxTools } from "../../component/boxes/tools.tsx";
import { Command } from "../../component/copy.tsx";
import { ErrorNote, Loading } from "../../component/note.tsx";
import { Panel } from "../../component/panel.tsx";
import { percent } from "../../format/number.ts";

interface InputProps {
  prediction: Prediction;
  result: Result | undefined;
  /** Where its boxes are to be set right. */
  drawing?: Drawing | undefined;
}

/** More of a text is for a text editor. */
const MOST_TEXT = 100_000;

export function Input({ prediction, result, drawing }: InputProps) {
  const { id, task } = prediction;
  const file = useRemote(`input ${id}`, (signal) =>
    blob(`/predictions/${encodeURIComponent(id)}/image`, signal),
  );
  const text = task === "text-classification";
  return (
    <Panel title={text ? "Text" : "Picture"} class="input">
      {file.error && <ErrorNote error={file.error} retry={file.reload} />}
      {file.error && drawing && <Undrawable id={id} />}
      {!file.data && !file.error && <Loading what={text ? "the text" : "the picture"} />}
      {file.data &&
        (text ? (
          <Text file={file.data} />
        ) : (
          <Picture file={file.data} id={id} result={result} drawing={drawing} />
        ))}
    </Panel>
  );
}

function Text({ file }: { file: Blob }) {
  const [text, setText] = useState("");
  useEffect(() => {
    let over = false;
    void file.text().then((read) => over || setText(read.slice(0, MOST_TEXT)));
    return () => (over = true);
  }, [file]);
  return <pre class="text">{text}</pre>;
}

/** Blind, nobody should draw. */
function Undrawable({ id }: { id: string }) {
  return (
    <div class="stack">
      <p class="hint">Without the picture no boxes are drawn here. Where they are known, hand them over:</p>
      <Command>{`npx sluice review settle ${id} --boxes boxes.json`}</Command>
    </div>
  );
}

interface PictureProps {
  file: Blob;
  id: string;
  result: Result | undefined;
  drawing: Drawing | undefined;
}

function Picture({ file, id, result, drawing }: PictureProps) {
  const [address, setAddress] = useState<string>();
  const [broken, setBroken] = useState(false);
  const [doubtful, setDoubtful] = useState(false);
  useEffect(() => {
    const url = URL.createObjectURL(file);
    setAddress(url);
    setBroken(false);
    return () => URL.revokeObjectURL(url);
  }, [file]);
  if (broken)
    return (
      <>
        <p class="hint">The browser cannot show this file as a picture.</p>
        {drawing && <Undrawable id={id} />}
      </>
    );
  const boxes = result?.task === "object-detection" ? result : undefined;
  return (
    <figure class="picture">
      <div class="frame">
        {address && <img src={address} alt="What was predicted on" onError={() => setBroken(true)} />}
        {boxes && <Boxes result={boxes} certain={!drawing} doubtful={doubtful} />}
        {drawing && <BoxEditor drawing={drawing} />}
      </div>
      {drawing && <BoxTools drawing={drawing} />}
      {boxes && boxes.doubtful.length > 0 && (
        <figcaption>
          <label>
            <input
              type="checkbox"
              checked={doubtful}
              onChange={(event) => setDoubtful(event.currentTarget.checked)}
            />{" "}
            Show {boxes.doubtful.length} below the threshold
          </label>
        </figcaption>
      )}
    </figure>
  );
}

type Detection = Extract<Result, { task: "object-detection" }>;

function Boxes({ result, certain, doubtful }: { result: Detection; certain: boolean; doubtful: boolean }) {
  const { width, height } = result.image;
  // Lines and letters keep their size on the screen whatever the picture's is.
  const unit = Math.max(width, height) / 640;
  const shown = [
    ...(certain ? result.detections.map((found) => ({ ...found, sure: true })) : []),
    ...(doubtful ? result.doubtful.map((found) => ({ ...found, sure: false })) : []),
  ];
  if (shown.length === 0 && !certain) return null;
  return (
    <svg class="boxes" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={`${shown.length} found`}>
      {shown.map(({ class: name, confidence, box, sure }, index) => (
        <g key={index} class={sure ? "" : "doubtful"}>
          <rect x={box.x} y={box.y} width={box.width} height={box.height} />
          <text x={box.x + 3 * unit} y={Math.max(14 * unit, box.y - 5 * unit)} font-size={13 * unit}>
            {name} {percent(confidence, 0)}
          </text>
        </g>
      ))}
    </svg>
  );
}
