// Builds ONNX models node by node; each call returns the name of its value.
// Field numbers are those of onnx.proto3.
import { type Field, bytes, float, integer, join, message, text } from "./protobuf.ts";

const IR_VERSION = 8;
const OPSET = 17;
const FLOAT = 1;
const INT64 = 7;
const ATTRIBUTE = { float: 1, int: 2, string: 3, ints: 7 } as const;

export type Attribute = number | string | number[] | { float: number };
export type Dimension = number | string;

export interface GraphOutput {
  value: string;
  name: string;
  shape: Dimension[];
}

export type GraphBuilder = ReturnType<typeof graphBuilder>;

export function graphBuilder(title: string) {
  const inputs: Field[] = [];
  const initializers: Field[] = [];
  const nodes: Field[] = [];
  let counter = 0;

  const tensor = (name: string, shape: number[], type: number, raw: Uint8Array) => {
    const dims = shape.map((size) => integer(1, size));
    initializers.push(message(5, [...dims, integer(2, type), text(8, name), bytes(9, raw)]));
    return name;
  };

  return {
    input(name: string, shape: Dimension[], type: "float32" | "int64" = "float32") {
      inputs.push(valueInfo(11, name, shape, type === "float32" ? FLOAT : INT64));
      return name;
    },
    weights: (name: string, data: Float32Array, shape: number[]) =>
      tensor(name, shape, FLOAT, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
    integers: (name: string, values: number[]) =>
      tensor(name, [values.length], INT64, new Uint8Array(BigInt64Array.from(values, BigInt).buffer)),
    node(operator: string, from: string[], attributes: Record<string, Attribute> = {}) {
      const output = `${operator.toLowerCase()}_${counter++}`;
      nodes.push(
        message(1, [
          ...from.map((name) => text(1, name)),
          text(2, output),
          text(3, output),
          text(4, operator),
          ...Object.entries(attributes).map(([name, value]) => attribute(name, value)),
        ]),
      );
      return output;
    },
    /** The bytes of a model that outputs `value` as `name`, and other values after it. */
    finish(value: string, name: string, shape: Dimension[], others: GraphOutput[] = []) {
      const outputs = [{ value, name, shape }, ...others].map((output, at) => {
        const node = at === 0 ? "answer" : `answer_${at}`;
        nodes.push(
          message(1, [text(1, output.value), text(2, output.name), text(3, node), text(4, "Identity")]),
        );
        return valueInfo(12, output.name, output.shape, FLOAT);
      });
      const graph = [...nodes, text(2, title), ...initializers, ...inputs, ...outputs];
      return join([
        integer(1, IR_VERSION),
        text(2, "sluice"),
        message(7, graph),
        message(8, [text(1, ""), integer(2, OPSET)]),
      ]);
    },
  };
}

function valueInfo(field: number, name: string, shape: Dimension[], type: number): Field {
  const dims = shape.map((size) => message(1, [typeof size === "number" ? integer(1, size) : text(2, size)]));
  return message(field, [text(1, name), message(2, [message(1, [integer(1, type), message(2, dims)])])]);
}

function attribute(name: string, value: Attribute): Field {
  const fields = [text(1, name)];
  if (typeof value === "string") fields.push(text(4, value), integer(20, ATTRIBUTE.string));
  else if (typeof value === "number") fields.push(integer(3, value), integer(20, ATTRIBUTE.int));
  else if (Array.isArray(value))
    fields.push(...value.map((item) => integer(8, item)), integer(20, ATTRIBUTE.ints));
  else fields.push(float(2, value.float), integer(20, ATTRIBUTE.float));
  return message(5, fields);
}
