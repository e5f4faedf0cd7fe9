// Combines the requests of one run into one set of tensors, on the worker. The memory is reused.
import type { ImageMeasures } from "../descriptors/image.ts";
import type { EncodedImage, PreprocessTimes, Preprocessor, WrittenImage } from "../image/preprocess.ts";
import { type Tensor, elementCount } from "../tensor.ts";
import type { Feeds } from "./feeds.ts";

export interface Batch {
  tensors: Record<string, Tensor>;
  times: PreprocessTimes;
  /** Of each request; empty for texts. */
  measures: ImageMeasures[];
}

export function createBatcher(preprocessor: Preprocessor | undefined): (requests: Feeds[]) => Batch {
  /** By the number of images: ONNX Runtime needs nothing new for a tensor that it knows. */
  const imageTensors = new Map<number, Tensor>();

  function imageTensorOf({ tensor, dims }: Preprocessor, images: number): Tensor {
    const known = imageTensors.get(images);
    if (known) return known;
    const data = tensor.subarray(0, elementCount(dims) * images);
    const created = batchTensor("float32", data, images, dims);
    imageTensors.set(images, created);
    return created;
  }

  return (requests) => {
    const tensors: Record<string, Tensor> = {};
    const images: WrittenImage[] = [];
    for (const [name, first] of Object.entries(requests[0]!))
      if ("size" in first) {
        tensors[name] = imageTensorOf(preprocessor!, requests.length);
        for (const [index, feeds] of requests.entries())
          images.push(preprocessor!.write(feeds[name] as EncodedImage, index));
      } else
        tensors[name] =
          requests.length === 1 ? first : concatenate(requests.map((feeds) => feeds[name] as Tensor));
    return { tensors, times: sumTimes(images), measures: images.map(({ measures }) => measures) };
  };
}

const sumTimes = (times: PreprocessTimes[]): PreprocessTimes => ({
  decodeMs: times.reduce((sum, { decodeMs }) => sum + decodeMs, 0),
  preprocessMs: times.reduce((sum, { preprocessMs }) => sum + preprocessMs, 0),
});

function concatenate(tensors: Tensor[]): Tensor {
  const [{ type, dims }] = tensors as [Tensor];
  const length = elementCount(dims);
  const data = new (type === "int64" ? BigInt64Array : Float32Array)(length * tensors.length);
  for (const [index, tensor] of tensors.entries()) data.set(tensor.data as never, index * length);
  return batchTensor(type, data, tensors.length, dims);
}

const batchTensor = (
  type: Tensor["type"],
  data: Tensor["data"],
  count: number,
  [first, ...rest]: number[],
): Tensor => ({ type, data, dims: [first! * count, ...rest] });
