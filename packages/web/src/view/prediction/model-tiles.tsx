// The models, each a drop target for files and a filter of the list.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Model } from "../../api/models.ts";
import { Status } from "../../component/status.tsx";
import { formatBytes } from "../../format/number.ts";
import { changeQuery } from "../../route/route.ts";
import { readDroppedFiles } from "./dropped-files.ts";
import { uploadFiles } from "./uploads.ts";

interface TilesProps {
  models: Model[];
  chosen: string | undefined;
}

export function ModelTiles({ models, chosen }: TilesProps) {
  const dragging = useDragging();
  return (
    <ul class={`tiles ${dragging ? "dragging" : ""}`} aria-label="Models">
      {models.map((model) => (
        <Tile key={model.name} model={model} chosen={model.name === chosen} dragging={dragging} />
      ))}
    </ul>
  );
}

const TASKS: Record<Model["task"], string> = {
  "image-classification": "image classification",
  "object-detection": "object detection",
  "text-classification": "text classification",
};

function Tile({ model, chosen, dragging }: { model: Model; chosen: boolean; dragging: boolean }) {
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const { name, accepts, endpoint } = model;
  const drop = async (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (event.dataTransfer) uploadFiles(name, await readDroppedFiles(event.dataTransfer));
  };
  const pick = () => {
    const { files } = input.current!;
    uploadFiles(name, [...(files ?? [])]);
    input.current!.value = "";
  };
  const choose = () => changeQuery({ model: chosen ? undefined : name, class: undefined });
  return (
    <li
      class={`tile ${chosen ? "chosen" : ""} ${over ? "over" : ""}`}
      data-model={name}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => void drop(event)}
    >
      <button type="button" class="choose" aria-pressed={chosen} onClick={choose}>
        <strong>{name}</strong>
        <span class="faint">{TASKS[model.task]}</span>
      </button>
      <Status of={endpoint.status} title={endpoint.failureReason ?? endpoint.name} />
      <button
        type="button"
        class="upload"
        onClick={() => input.current!.click()}
        title={`${accepts.types.join(", ")}, up to ${formatBytes(accepts.maxBytes)} each`}
        aria-label={`Upload files to ${name}`}
      >
        {dragging ? `Drop for ${name}` : "Upload"}
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept={accepts.types.join(",")}
        onChange={pick}
        aria-label={`Files for ${name}`}
      />
    </li>
  );
}

/** Whether files are dragged over the page. A drop outside of the models must not open the file. */
function useDragging(): boolean {
  const [dragging, setDragging] = useState(false);
  useEffect(() => {
    const over = (event: DragEvent) => {
      event.preventDefault();
      setDragging(event.dataTransfer?.types.includes("Files") ?? false);
    };
    const end = (event: DragEvent) => {
      // Only leaving the window has no related target.
      if (event.type === "dragleave" && event.relatedTarget !== null) return;
      if (event.type === "drop") event.preventDefault();
      setDragging(false);
    };
    const listeners = { dragover: over, dragleave: end, drop: end, dragend: end } as const;
    for (const [name, listener] of Object.entries(listeners)) addEventListener(name as "drop", listener);
    return () => {
      for (const [name, listener] of Object.entries(listeners)) removeEventListener(name as "drop", listener);
    };
  }, []);
  return dragging;
}
