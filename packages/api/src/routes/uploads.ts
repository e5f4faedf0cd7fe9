import { z } from "@hono/zod-openapi";
import { request } from "@sluice/core/upload/upload.ts";
import { router } from "../env.ts";
import { created, json, operation } from "../operation.ts";

const Upload = z
  .object({
    bucket: z.string(),
    key: z.string(),
    url: z.string(),
    fields: z.record(z.string(), z.string()),
    maxBytes: z.number(),
    expiresAt: z.string(),
    curl: z.string().openapi({ description: "The command that sends FILE." }),
  })
  .openapi("Upload");

const asked = operation("upload", {
  method: "post",
  path: "/uploads",
  tags: ["uploads"],
  summary: "Asks for a form that takes one file, straight to S3",
  description:
    "Send the fields in their order, then `file` last. S3 itself holds the file to its size, type and key.",
  request: json(request.schema.openapi("UploadRequest")),
  responses: created(Upload, "The form."),
});

export const uploadRoutes = router().openapi(asked, async (c) => {
  const form = await request(c.req.valid("json"));
  return c.json({ ...form, curl: curlOf(form) }, 201);
});

function curlOf({ url, fields }: { url: string; fields: Record<string, string> }) {
  const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
  const form = Object.entries(fields).map(([name, value]) => `-F ${quoted(`${name}=${value}`)}`);
  return ["curl -f", ...form, "-F file=@FILE", quoted(url)].join(" ");
}
