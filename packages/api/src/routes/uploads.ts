import { z } from "@hono/zod-openapi";
import { requestUpload } from "@sluice/core/upload/upload.ts";
import { createRouter } from "../http/router.ts";
import { created, json, operations } from "../http/operation.ts";

const operation = operations("uploads");
const Upload = z
  .object({
    bucket: z.string(),
    key: z.string(),
    url: z.string(),
    fields: z.record(z.string(), z.string()),
    maxBytes: z.number(),
    expiresAt: z.string(),
    curl: z.string().openapi({ description: "A command that uploads FILE." }),
  })
  .openapi("Upload");

const uploadRoute = operation("upload", "post", "/uploads", {
  summary: "Create a presigned form to upload one file to S3",
  description: "Send the fields in order, and `file` last. S3 checks the size, type and key of the file.",
  request: json(requestUpload.schema.openapi("UploadRequest")),
  responses: created(Upload, "The form."),
});

export const uploadRoutes = createRouter().openapi(uploadRoute, async (c) => {
  const form = await requestUpload(c.req.valid("json"));
  return c.json({ ...form, curl: formatCurl(form) }, 201);
});

function formatCurl({ url, fields }: { url: string; fields: Record<string, string> }) {
  const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
  const form = Object.entries(fields).map(([name, value]) => `-F ${quoted(`${name}=${value}`)}`);
  return ["curl -f", ...form, "-F file=@FILE", quoted(url)].join(" ");
}
