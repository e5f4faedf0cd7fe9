// A file to S3 by a presigned form. By XMLHttpRequest: `fetch` tells nothing of how far an upload is.
import { ApiError } from "./problem.ts";

interface Form {
  url: string;
  fields: Record<string, string>;
}

export function sendForm(
  { url, fields }: Form,
  file: Blob,
  progress: (share: number) => void,
): Promise<void> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", file);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.upload.onprogress = ({ loaded, total }) => progress(total === 0 ? 1 : loaded / total);
    request.onload = () => (request.status < 300 ? resolve() : reject(refusalOf(request)));
    request.onerror = () =>
      reject(
        new ApiError("UPLOAD_BROKEN", "The connection to the bucket broke.", {
          hint: "Try it again from its row.",
        }),
      );
    request.open("POST", url);
    request.send(form);
  });
}

function refusalOf({ status, responseText }: XMLHttpRequest): ApiError {
  const said = (tag: string) => new RegExp(`<${tag}>(.*?)</${tag}>`).exec(responseText)?.[1];
  return new ApiError(said("Code") ?? `HTTP_${status}`, said("Message") ?? "The bucket refused the file.", {
    status,
  });
}
