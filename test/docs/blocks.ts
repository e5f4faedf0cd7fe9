// The blocks of a Markdown page that can run: `sh`, `python`, and `console`, where "$ " starts a command.
// Comments before a block:
//   <!-- not run: REASON -->   the block cannot run on a local cloud
//   <!-- NAME: COMMAND -->     NAME in the block is replaced by the output of COMMAND
// The output that a page shows is compared: a JSON block directly after a block, and the other lines of `console`.

export interface Block {
  /** Line of the fence, from 1. */
  line: number;
  script: string;
  notRun?: string;
  values: Array<{ name: string; command: string }>;
  /** The JSON document that the last command prints. */
  shows?: unknown;
  /** Lines that the commands print, in this order. */
  prints?: string[];
}

const COMMENT = /^\s*<!--\s*([^:]+?):\s*(.*?)\s*-->\s*$/;
const FENCE = /^(\s*)```(\w*)\s*$/;

export function blocksOf(markdown: string): Block[] {
  const lines = markdown.split("\n");
  const blocks: Block[] = [];
  let comments: Array<{ name: string; text: string }> = [];
  let previous: Block | undefined;

  for (let index = 0; index < lines.length; index++) {
    const line = lines[index]!;
    if (line.trim() === "") continue;
    const comment = COMMENT.exec(line);
    if (comment) {
      comments.push({ name: comment[1]!, text: comment[2]! });
      continue;
    }
    const fence = FENCE.exec(line);
    if (!fence) {
      if (comments.length > 0)
        throw new Error(`Line ${index + 1}: a comment for a block that does not follow.`);
      previous = undefined;
      continue;
    }
    const end = lines.findIndex((text, at) => at > index && text.trim() === "```");
    if (end === -1) throw new Error(`Line ${index + 1}: the block has no end.`);
    const text = lines.slice(index + 1, end).map((row) => row.slice(fence[1]!.length));
    const commands = toCommands(fence[2]!, text);
    if (commands) blocks.push((previous = { ...toBlock(index + 1, comments), ...commands }));
    else if (fence[2] === "json" && previous) previous.shows = JSON.parse(text.join("\n"));
    comments = [];
    index = end;
  }
  return blocks;
}

function toCommands(language: string, lines: string[]): Pick<Block, "script" | "prints"> | undefined {
  if (language === "sh") return { script: lines.join("\n") };
  if (language === "python") return { script: ["python3 - <<'PYTHON'", ...lines, "PYTHON"].join("\n") };
  if (language !== "console") return undefined;
  return {
    script: lines
      .filter((line) => line.startsWith("$ "))
      .map((line) => line.slice(2))
      .join("\n"),
    prints: lines.filter((line) => !line.startsWith("$ ") && !["", "..."].includes(line.trim())),
  };
}

function toBlock(line: number, comments: Array<{ name: string; text: string }>) {
  const reason = comments.find(({ name }) => name === "not run");
  if (reason?.text === "") throw new Error(`Line ${line}: "not run" needs a reason.`);
  const values = comments
    .filter(({ name }) => name !== "not run")
    .map(({ name, text }) => ({ name, command: text }));
  return { line, values, ...(reason && { notRun: reason.text }) };
}

/** The block as lines of bash. A placeholder gets its value before the first line that names it. */
export function bashOf({ line, script, values }: Block): string {
  const known = new Set<string>();
  return script
    .split("\n")
    .flatMap((text) => {
      const before: string[] = [];
      let filled = text;
      for (const [index, { name, command }] of values.entries()) {
        const word = new RegExp(`\\b${name}\\b`, "g");
        if (!word.test(text)) continue;
        const variable = `VALUE_${line}_${index}`;
        if (!known.has(name)) before.push(`${variable}=$(${command})`);
        known.add(name);
        filled = filled.replaceAll(word, `$${variable}`);
      }
      const watched = /#.*until Ctrl-C/.test(text);
      return [...before, watched ? `until_ctrl_c ${filled}` : filled];
    })
    .join("\n");
}

/** Where `actual` lacks a member that `shown` has, or has one of another type. "..." stands for anything. */
export function differences(shown: unknown, actual: unknown, at = "$"): string[] {
  if (shown === "...") return [];
  if (typeOf(shown) !== typeOf(actual)) return [`${at} is ${typeOf(actual)}, shown as ${typeOf(shown)}`];
  if (Array.isArray(shown))
    return shown.flatMap((item, index) => differences(item, (actual as unknown[])[index], `${at}[${index}]`));
  if (typeOf(shown) !== "object") return [];
  return Object.entries(shown as object)
    .filter(([name]) => name !== "...")
    .flatMap(([name, value]) =>
      differences(value, (actual as Record<string, unknown>)[name], `${at}.${name}`),
    );
}

/**
 * The shown lines that are missing in the output, where they must be in the same order. Numbers, times and ids may
 * differ, and "..." matches any text.
 */
export function missingLines(shown: string[], output: string): string[] {
  const lines = output.split("\n").map(withoutValues);
  let next = 0;
  return shown.filter((line) => {
    const parts = withoutValues(line).split("...");
    const pattern = new RegExp(`^${parts.map((part) => RegExp.escape(part)).join(".*")}$`);
    const found = lines.findIndex((text, at) => at >= next && pattern.test(text));
    if (found >= 0) next = found + 1;
    return found < 0;
  });
}

const withoutValues = (line: string) =>
  line
    .replaceAll(
      /\b(?:prd|ds|imp|dep)_[0-9a-z]+|\b[0-9]{14}-[0-9a-f]{4}\b|\b(?=[a-f]*\d)[0-9a-f]{8,}\b/g,
      "ID",
    )
    .replaceAll(/\d[\d:,.TZ-]*\d|\d/g, "0")
    .replaceAll(/\s+/g, " ")
    .trim();

const typeOf = (value: unknown) => (value === null ? "null" : Array.isArray(value) ? "array" : typeof value);
