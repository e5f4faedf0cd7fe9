// Turns a text into the input tensors of a text model.
import { InferenceError } from "../error.ts";
import type { TextInput } from "../package.ts";
import type { Tensor, ValueInfo } from "../tensor.ts";
import { hashText } from "./hash.ts";
import { readTokenizer } from "./tokenizer.ts";

export type TextReader = (text: string) => Record<string, Tensor>;

export async function textReader(dir: string, input: TextInput, inputs: ValueInfo[]): Promise<TextReader> {
  const { tokenizer } = input;
  if (tokenizer.kind === "hash") {
    const name = inputs[0]!.name;
    return (text) => ({
      [name]: { type: "float32", data: hashText(text, tokenizer), dims: [1, tokenizer.buckets] },
    });
  }
  const { encode } = await readTokenizer(dir, tokenizer.file);
  const names = inputs.map(({ name }) => name);
  const idsName = names.find((name) => /input_?ids/i.test(name)) ?? names[0]!;
  return (text) => {
    const ids = encode(text, input.maxLength);
    const length = ids.length;
    // A model with a fixed length gets padding, which the mask hides.
    const declared = inputs.find(({ name }) => name === idsName)?.shape[1];
    const width = typeof declared === "number" ? declared : length;
    const row = (value: (at: number) => number): Tensor => ({
      type: "int64",
      data: BigInt64Array.from({ length: width }, (_, at) => BigInt(at < length ? value(at) : 0)),
      dims: [1, width],
    });
    return Object.fromEntries(
      names.map((name) => {
        if (name === idsName) return [name, row((at) => ids[at]!)];
        if (/mask/i.test(name)) return [name, row(() => 1)];
        if (/type|segment/i.test(name)) return [name, row(() => 0)];
        if (/position/i.test(name)) return [name, row((at) => at)];
        throw new InferenceError(
          "PACKAGE_INVALID",
          422,
          `The text model has an input '${name}' that this engine does not fill.`,
          "Export it with the inputs input_ids, attention_mask and, where needed, token_type_ids.",
        );
      }),
    );
  };
}

/** Rejects bytes that are not UTF-8, and text that is only white space. */
export function decodeText(bytes: Uint8Array): string {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new InferenceError(
      "TEXT_UNREADABLE",
      400,
      "The body is not UTF-8 text.",
      "Save the text as UTF-8 and send it again.",
      error,
    );
  }
  if (text.trim() === "")
    throw new InferenceError("TEXT_EMPTY", 400, "The text is empty.", "Send at least one word.");
  return text;
}
