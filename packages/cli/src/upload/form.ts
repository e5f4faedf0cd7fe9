import { Failure } from "../terminal/failure.ts";

interface Form {
  url: string;
  fields: Record<string, string>;
}

/** Sends a file with a presigned form. S3 rejects a file that the form does not allow. `name` completes the form's key. */
export async function postForm(
  { url, fields }: Form,
  file: Blob,
  hint: string,
  name?: string,
): Promise<void> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", file, name);
  const response = await fetch(url, { method: "POST", body: form });
  if (response.ok) return;
  const text = await response.text();
  const [, code = `HTTP_${response.status}`] = /<Code>(.*?)<\/Code>/.exec(text) ?? [];
  const [, message = "S3 rejected the file."] = /<Message>(.*?)<\/Message>/.exec(text) ?? [];
  throw new Failure(code, message, { hint });
}
