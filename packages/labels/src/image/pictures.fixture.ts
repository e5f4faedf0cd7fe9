// Encoded images of 20 by 10 pixels in one color.
const encoded = {
  "image/jpeg":
    "/9j/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhlbXd7gYKBTmCNl4x9lnN+gXz/2wBDARUXFx4aHjshITt8U0ZTfHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHz/wAARCAAKABQDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAT/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFQEBAQAAAAAAAAAAAAAAAAAAAAX/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCMBOXAAH//2Q==",
  "image/png":
    "iVBORw0KGgoAAAANSUhEUgAAABQAAAAKCAIAAAA7N+mxAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAGElEQVQokWM4YSNCNmIY1SwyGmAi+IMAAD0N2sE1QxrZAAAAAElFTkSuQmCC",
  "image/gif": "R0lGODlhFAAKAIAAAExpccg8FCH5BAUAAAAALAAAAAAUAAoAAAIMjI+py+0Po5y02usKADs=",
  "image/webp":
    "UklGRkAAAABXRUJQVlA4IDQAAADwAgCdASoUAAoAPxFysFAsJqSisAgBgCIJQA7AACBsAAD+3FH/4bVWVt/+1NinfciEAAAA",
  "image/tiff":
    "SUkqACAAAAB4nDthI8JALjgxqpdocGKEhRUAGKIK8QAQAAABAwABAAAAFAAAAAEBAwABAAAACgAAAAIBAwADAAAA9gAAAAMBAwABAAAACAAAAAYBAwABAAAAAgAAABEBBAABAAAACAAAABIBAwABAAAAAQAAABUBAwABAAAAAwAAABYBAwABAAAAAAEAABcBBAABAAAAFwAAABoBBQABAAAA5gAAABsBBQABAAAA7gAAABwBAwABAAAAAQAAACgBAwABAAAAAgAAAD0BAwABAAAAAgAAAFMBAwADAAAA/AAAAAAAAAAzM8sAAAAIADMzywAAAAgACAAIAAgAAQABAAEA",
};

/** A header and rows of three bytes for each pixel. */
function bitmap(): Buffer {
  const bytes = Buffer.alloc(54 + 10 * 60);
  bytes.write("BM");
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(54, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(20, 18);
  bytes.writeInt32LE(10, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(24, 28);
  return bytes;
}

export const pictures: Record<string, Buffer> = {
  ...Object.fromEntries(Object.entries(encoded).map(([type, text]) => [type, Buffer.from(text, "base64")])),
  "image/bmp": bitmap(),
};
