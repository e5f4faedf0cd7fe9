// For fine-tuning a language model: one conversation a line, with the class as the answer. Written only.
import { LabelError } from "../error.ts";
import type { Format, Written } from "./format.ts";
import { survey } from "./survey.ts";

export const chat: Format = {
  name: "chat",
  title: "chat JSON Lines",
  tasks: ["text-classification"],
  looksFor: "nothing",
  detect: async () => false,
  async *write(items, { classes, text: textOf }): AsyncIterable<Written> {
    const { classes: all } = await survey(items, classes);
    const system = `Classify the text. Answer with one of: ${all.join(", ")}.`;
    for await (const { file, text, label, split } of items()) {
      if (label === undefined) continue;
      const content = text ?? (file === undefined ? undefined : await textOf?.(file));
      if (content === undefined)
        throw new LabelError("FORMAT_CANNOT_HOLD", `${file} is no text: conversations are made of texts.`);
      const messages = [
        { role: "system", content: system },
        { role: "user", content },
        { role: "assistant", content: label },
      ];
      yield { path: `${split ?? "chat"}.jsonl`, text: `${JSON.stringify({ messages })}\n` };
    }
  },
};
