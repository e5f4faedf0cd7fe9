// S3's errors with AWS's messages.
import { AwsError } from "../../kernel/error.ts";

export const noSuchBucket = (bucket: string) =>
  new AwsError("NoSuchBucket", "The specified bucket does not exist", {
    status: 404,
    fields: { BucketName: bucket },
  });

export const noSuchKey = (key: string) =>
  new AwsError("NoSuchKey", "The specified key does not exist.", { status: 404, fields: { Key: key } });

export const noSuchVersion = (key: string, version: string) =>
  new AwsError("NoSuchVersion", "The specified version does not exist.", {
    status: 404,
    fields: { Key: key, VersionId: version },
  });

export const noSuchUpload = (id: string) =>
  new AwsError(
    "NoSuchUpload",
    "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
    { status: 404, fields: { UploadId: id } },
  );

export const isDeleteMarker = (key: string) =>
  new AwsError("MethodNotAllowed", "The specified method is not allowed against this resource.", {
    status: 405,
    fields: { Key: key, Method: "GET", ResourceType: "DeleteMarker" },
  });

export const preconditionFailed = (condition: string) =>
  new AwsError("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", {
    status: 412,
    fields: { Condition: condition },
  });

export const conflict = (key: string) =>
  new AwsError(
    "ConditionalRequestConflict",
    "The conditional request cannot succeed due to a conflicting operation against this resource.",
    { status: 409, fields: { Key: key } },
  );

export const invalidArgument = (message: string, name: string, value: unknown) =>
  new AwsError("InvalidArgument", message, { fields: { ArgumentName: name, ArgumentValue: value } });

export const invalidRequest = (message: string) => new AwsError("InvalidRequest", message);

export const malformed = (what: string) =>
  new AwsError(
    "MalformedXML",
    `The XML you provided was not well-formed or did not validate against our published schema: ${what}`,
  );

export const tooLarge = (size: number, limit: number) =>
  new AwsError("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", {
    fields: { ProposedSize: size, MaxSizeAllowed: limit },
  });

export const incompleteBody = (cause?: unknown) =>
  new AwsError(
    "IncompleteBody",
    "You did not provide the number of bytes specified by the Content-Length HTTP header",
    {
      cause,
    },
  );

export const badDigest = (what: string) =>
  new AwsError("BadDigest", `The ${what} you specified did not match the calculated checksum.`);

export const badSignature = () =>
  new AwsError(
    "SignatureDoesNotMatch",
    "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
    { status: 403 },
  );

export const damagedBody = (file: string, found: number | undefined, size: number) =>
  new AwsError(
    "InternalError",
    `The body of this object is damaged: ${file} ${found === undefined ? "is missing" : `has ${found} bytes`}, its record states ${size}. Upload the object again.`,
    { status: 500 },
  );
