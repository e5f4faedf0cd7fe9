// Chat format to fine-tune language models: one conversation in each line, the class as the answer. Written only.
import { LabelError } from "../error.ts";
import type { Format, WrittenPart } from "./format.ts";
import { summarizeLabels } from "./label-summary.ts";

export const chat: Format = {
  name: "chat",
  title: "chat JSON Lines",
  tasks: ["text-classification"],
  expects: "nothing",
  detect: async () => false,
  async *write(items, { classes, text: textOf }): AsyncIterable<WrittenPart> {
    const { classes: all } = await summarizeLabels(items, classes);
    const system = `Classify the text. Answer with one of: ${all.join(", ")}.`;
    for await (const { file, text, label, split } of items()) {
      if (label === undefined) continue;
      const content = text ?? (file === undefined ? undefined : await textOf?.(file));
      if (content === undefined)
        throw new LabelError("FORMAT_CANNOT_HOLD", `${file} is not a text. Chat format holds texts only.`);
      const messages = [
        { role: "system", content: system },
        { role: "user", content },
        { role: "assistant", content: label },
      ];
      yield { path: `${split ?? "chat"}.jsonl`, text: `${JSON.stringify({ messages })}\n` };
    }
  },
};
