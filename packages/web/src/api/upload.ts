// Uploads a file with a presigned form. XMLHttpRequest reports progress, `fetch` does not.
import { ApiError } from "./problem.ts";

interface Form {
  url: string;
  fields: Record<string, string>;
}

export function uploadFile(
  { url, fields }: Form,
  file: Blob,
  onProgress: (share: number) => void,
): Promise<void> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", file);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 1 : loaded / total);
    request.onload = () => (request.status < 300 ? resolve() : reject(toError(request)));
    request.onerror = () =>
      reject(
        new ApiError("UPLOAD_BROKEN", "The connection to S3 failed.", {
          hint: "Use the retry button of the file.",
        }),
      );
    request.open("POST", url);
    request.send(form);
  });
}

function toError({ status, responseText }: XMLHttpRequest): ApiError {
  const read = (tag: string) => new RegExp(`<${tag}>(.*?)</${tag}>`).exec(responseText)?.[1];
  return new ApiError(read("Code") ?? `HTTP_${status}`, read("Message") ?? "S3 rejected the file.", {
    status,
  });
}
