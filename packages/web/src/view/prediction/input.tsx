// What was predicted on: the picture with what was found in it, or the text.
import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import type { Result } from "@sluice/core/prediction/result.ts";
import { useEffect, useState } from "preact/hooks";
import { blob } from "../../api/client.ts";
import { useRemote } from "../../api/remote.ts";
import { ErrorNote, Loading } from "../../component/note.tsx";
import { Panel } from "../../component/panel.tsx";
import { percent } from "../../format/number.ts";

interface InputProps {
  prediction: Prediction;
  result: Result | undefined;
}

/** More of a text is for a text editor. */
const MOST_TEXT = 100_000;

export function Input({ prediction, result }: InputProps) {
  const { id, task } = prediction;
  const file = useRemote(`input ${id}`, (signal) =>
    blob(`/predictions/${encodeURIComponent(id)}/image`, signal),
  );
  const text = task === "text-classification";
  return (
    <Panel title={text ? "Text" : "Picture"} class="input">
      {file.error && <ErrorNote error={file.error} retry={file.reload} />}
      {!file.data && !file.error && <Loading what={text ? "the text" : "the picture"} />}
      {file.data && (text ? <Text file={file.data} /> : <Picture file={file.data} result={result} />)}
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

function Picture({ file, result }: { file: Blob; result: Result | undefined }) {
  const [address, setAddress] = useState<string>();
  const [broken, setBroken] = useState(false);
  const [doubtful, setDoubtful] = useState(false);
  useEffect(() => {
    const url = URL.createObjectURL(file);
    setAddress(url);
    setBroken(false);
    return () => URL.revokeObjectURL(url);
  }, [file]);
  if (broken) return <p class="hint">The browser cannot show this file as a picture.</p>;
  const boxes = result?.task === "object-detection" ? result : undefined;
  return (
    <figure class="picture">
      <div class="frame">
        {address && <img src={address} alt="What was predicted on" onError={() => setBroken(true)} />}
        {boxes && <Boxes result={boxes} doubtful={doubtful} />}
      </div>
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

function Boxes({ result, doubtful }: { result: Detection; doubtful: boolean }) {
  const { width, height } = result.image;
  // Lines and letters keep their size on the screen whatever the picture's is.
  const unit = Math.max(width, height) / 640;
  const shown = [
    ...result.detections.map((found) => ({ ...found, sure: true })),
    ...(doubtful ? result.doubtful.map((found) => ({ ...found, sure: false })) : []),
  ];
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
