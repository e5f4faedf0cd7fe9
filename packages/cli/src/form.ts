// A presigned form, sent: S3 itself says what it does not take.
import { Failure } from "./failure.ts";

interface Form {
  url: string;
  fields: Record<string, string>;
}

export async function post({ url, fields }: Form, file: Blob, hint: string): Promise<void> {
  const parts = new FormData();
  for (const [name, value] of Object.entries(fields)) parts.append(name, value);
  parts.append("file", file);
  const answer = await fetch(url, { method: "POST", body: parts });
  if (answer.ok) return;
  const text = await answer.text();
  const [, code = `HTTP_${answer.status}`] = /<Code>(.*?)<\/Code>/.exec(text) ?? [];
  const [, message = "S3 refused the file."] = /<Message>(.*?)<\/Message>/.exec(text) ?? [];
  throw new Failure(code, message, { hint });
}
