import { overlaySvg } from "@sluice/overlay/svg.ts";
import { SluiceError } from "../error/error.ts";
import { getModel } from "../model/model.ts";
import { readInputFile, readResult } from "./document.ts";
import type { Prediction } from "./prediction.ts";

/** The image of a prediction with its detections and a legend, as an SVG file. */
export async function overlayOf(prediction: Prediction): Promise<string> {
  const result = await readResult(prediction);
  if (result.task !== "object-detection")
    throw new SluiceError(
      "INPUT_INVALID",
      `Prediction ${prediction.id} has no boxes: ${prediction.model} is a model for ${result.task}.`,
      { hint: "Read its result, or its file with `/image`." },
    );
  const { bytes, contentType } = await readInputFile(prediction);
  return overlaySvg({
    image: `data:${contentType};base64,${Buffer.from(bytes).toString("base64")}`,
    size: result.image,
    boxes: result.detections.map(({ class: name, box }) => ({ class: name, ...box })),
    classes: getModel(prediction.model).classes,
  });
}
