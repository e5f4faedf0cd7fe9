// The input of a prediction: the image with its boxes, or the text.
import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import type { Result } from "@sluice/core/inference/result.ts";
import { useEffect, useState } from "preact/hooks";
import { readBlob } from "../../api/client.ts";
import { useResource } from "../../api/resource.ts";
import type { Drawing } from "../boxes/drawing.ts";
import { BoxEditor } from "../boxes/editor.tsx";
import { BoxTools } from "../boxes/tools.tsx";
import { Command } from "../copy-button.tsx";
import { ErrorNote, Loading } from "../notes.tsx";
import { Panel } from "../panel.tsx";
import { formatPercent } from "../../format/number.ts";

interface InputProps {
  prediction: Prediction;
  result: Result | undefined;
  /** Makes the boxes editable. */
  drawing?: Drawing | undefined;
}

/** Characters shown of a text. */
const MAX_TEXT = 100_000;

export function InputPanel({ prediction, result, drawing }: InputProps) {
  const { id, task } = prediction;
  const file = useResource(`input ${id}`, (signal) =>
    readBlob(`/predictions/${encodeURIComponent(id)}/image`, signal),
  );
  const text = task === "text-classification";
  return (
    <Panel title={text ? "Text" : "Image"} class="input">
      {file.error && <ErrorNote error={file.error} retry={file.reload} />}
      {file.error && drawing && <NoEditor id={id} />}
      {!file.data && !file.error && <Loading what={text ? "the text" : "the image"} />}
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
    let unmounted = false;
    void file.text().then((read) => unmounted || setText(read.slice(0, MAX_TEXT)));
    return () => (unmounted = true);
  }, [file]);
  return <pre class="text">{text}</pre>;
}

/** Without the image, boxes cannot be drawn. */
function NoEditor({ id }: { id: string }) {
  return (
    <div class="stack">
      <p class="hint">Boxes cannot be drawn without the image. If you know them, use the command line:</p>
      <Command>{`npx sluice review resolve ${id} --boxes boxes.json`}</Command>
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
        <p class="hint">The browser cannot show this file as an image.</p>
        {drawing && <NoEditor id={id} />}
      </>
    );
  const boxes = result?.task === "object-detection" ? result : undefined;
  return (
    <figure class="picture">
      <div class="frame">
        {address && <img src={address} alt="Input image" onError={() => setBroken(true)} />}
        {boxes && <Boxes result={boxes} showDetections={!drawing} showDoubtful={doubtful} />}
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

interface BoxesProps {
  result: Detection;
  showDetections: boolean;
  showDoubtful: boolean;
}

function Boxes({ result, showDetections, showDoubtful }: BoxesProps) {
  const { width, height } = result.image;
  // Lines and text have the same screen size for any image size.
  const unit = Math.max(width, height) / 640;
  const shown = [
    ...(showDetections ? result.detections.map((detection) => ({ ...detection, aboveThreshold: true })) : []),
    ...(showDoubtful ? result.doubtful.map((detection) => ({ ...detection, aboveThreshold: false })) : []),
  ];
  if (shown.length === 0 && !showDetections) return null;
  return (
    <svg class="boxes" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={`${shown.length} objects`}>
      {shown.map(({ class: name, confidence, box, aboveThreshold }, index) => (
        <g key={index} class={aboveThreshold ? "" : "doubtful"}>
          <rect x={box.x} y={box.y} width={box.width} height={box.height} />
          <text x={box.x + 3 * unit} y={Math.max(14 * unit, box.y - 5 * unit)} font-size={13 * unit}>
            {name} {formatPercent(confidence, 0)}
          </text>
        </g>
      ))}
    </svg>
  );
}
