/** Reads a text from left to right. */
export class Reader {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get done() {
    return this.at >= this.text.length;
  }

  peek() {
    return this.text[this.at];
  }

  take(token: string): boolean {
    if (!this.text.startsWith(token, this.at)) return false;
    this.at += token.length;
    return true;
  }

  expect(token: string): void {
    if (!this.take(token)) throw this.fail(`"${token}" is missing`);
  }

  takeWhile(characters: RegExp): string {
    const start = this.at;
    while (!this.done && characters.test(this.text[this.at]!)) this.at += 1;
    return this.text.slice(start, this.at);
  }

  skipSpaces(): void {
    this.takeWhile(/\s/);
  }

  /** A text in single or double quotes. A backslash escapes the quote and itself, and is kept before others. */
  readQuoted(): string {
    const quote = this.peek()!;
    this.at += 1;
    let value = "";
    while (!this.done && this.peek() !== quote) {
      if (this.take(`\\${quote}`)) value += quote;
      else if (this.take("\\\\")) value += "\\";
      else value += this.text[this.at++];
    }
    this.expect(quote);
    return value;
  }

  fail(reason: string): SyntaxError {
    return new SyntaxError(`${reason} at position ${this.at} of '${this.text}'`);
  }
}
