import { Empty } from "../../component/notes.tsx";

export function NoLabels({ title, model }: { title: string; model: string }) {
  return (
    <Empty title={title} command={`npx sluice datasets import FOLDER --model ${model}`}>
      Accepts class folders, CSV, COCO, YOLO, Pascal VOC and Ground Truth files.
    </Empty>
  );
}
