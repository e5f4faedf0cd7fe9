// The input of a prediction: the image with its boxes, or the text.
import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import type { Result } from "@sluice/core/inference/result.ts";
import { useEffect, useMemo, useState } from "preact/hooks";
import { readBlob } from "../../api/client.ts";
import type { Model } from "../../api/models.ts";
import { useResource } from "../../api/resource.ts";
import { AnnotatedImage } from "../boxes/annotated-image.tsx";
import type { ImageBox } from "../boxes/display.ts";
import type { Drawing } from "../boxes/drawing.ts";
import { Command } from "../copy-button.tsx";
import { ErrorNote, Loading } from "../notes.tsx";
import { Panel } from "../panel.tsx";

interface InputProps {
  prediction: Prediction;
  result: Result | undefined;
  model: Model | undefined;
  /** Makes the boxes editable. */
  drawing?: Drawing | undefined;
}

/** Characters shown of a text. */
const MAX_TEXT = 100_000;

export function InputPanel({ prediction, result, model, drawing }: InputProps) {
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
          <Picture key={id} file={file.data} id={id} result={result} model={model} drawing={drawing} />
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
      <Command>{`npx sluice reviews resolve ${id} --boxes boxes.json`}</Command>
    </div>
  );
}

interface PictureProps extends Omit<InputProps, "prediction"> {
  file: Blob;
  id: string;
}

function Picture({ file, id, result, model, drawing }: PictureProps) {
  const [address, setAddress] = useState<string>();
  const [broken, setBroken] = useState(false);
  useEffect(() => {
    const url = URL.createObjectURL(file);
    setAddress(url);
    setBroken(false);
    return () => URL.revokeObjectURL(url);
  }, [file]);
  const detection = result?.task === "object-detection" ? result : undefined;
  const boxes = useMemo(() => detection && boxesOf(detection), [detection]);
  if (broken)
    return (
      <>
        <p class="hint">The browser cannot show this file as an image.</p>
        {drawing && <NoEditor id={id} />}
      </>
    );
  const gate = model?.gate ?? result?.gate;
  return (
    <AnnotatedImage
      src={address}
      alt="Input image"
      size={detection?.image}
      classes={model?.classes ?? []}
      boxes={boxes}
      thresholds={gate ? [gate.threshold, ...Object.values(model?.gate.perClass ?? {})] : []}
      drawing={drawing}
      onError={() => setBroken(true)}
    />
  );
}

/** The detections, and those below the threshold of their class. */
function boxesOf({ detections, doubtful }: Extract<Result, { task: "object-detection" }>): ImageBox[] {
  const toBox = (below: boolean) => (found: (typeof detections)[number]) => ({
    ...found.box,
    detection: found.id,
    class: found.class,
    confidence: found.confidence,
    below,
  });
  return [...detections.map(toBox(false)), ...doubtful.map(toBox(true))];
}
