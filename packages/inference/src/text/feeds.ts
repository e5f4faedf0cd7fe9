// Turns a text into the input tensors of a text model.
import { compactTokens, compactVector } from "../descriptors/embedding.ts";
import type { ReadTokens } from "../descriptors/text.ts";
import { InferenceError } from "../error.ts";
import type { TextInput } from "../package.ts";
import type { Tensor, ValueInfo } from "../tensor.ts";
import { hashWords, splitWords } from "./hash.ts";
import { readTokenizer } from "./tokenizer.ts";

export interface ReadText {
  feeds: Record<string, Tensor>;
  tokens: ReadTokens;
}

export type TextReader = (text: string) => ReadText;

export async function textReader(dir: string, input: TextInput, inputs: ValueInfo[]): Promise<TextReader> {
  const { tokenizer } = input;
  if (tokenizer.kind === "hash") {
    const name = inputs[0]!.name;
    return (text) => {
      const words = splitWords(text);
      const data = hashWords(words, tokenizer);
      return {
        feeds: { [name]: { type: "float32", data, dims: [1, tokenizer.buckets] } },
        tokens: { count: words.length, embedding: () => compactVector(data) },
      };
    };
  }
  const { encode, isUnknown, isSpecial } = await readTokenizer(dir, tokenizer.file);
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
    const feeds = Object.fromEntries(
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
    const content = ids.filter((id) => !isSpecial(id));
    const unknown = content.filter(isUnknown).length;
    return { feeds, tokens: { count: content.length, unknown, embedding: () => compactTokens(content) } };
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
