// The closed set of codes. `kind` says whose turn it is: `user` means the caller's input, `system` means the app or
// AWS. `category` is what an interface maps to its own vocabulary (an HTTP status, an exit code).
import { hints as labelHints } from "@sluice/labels/error.ts";

export type ErrorCategory =
  | "invalid"
  | "unauthenticated"
  | "forbidden"
  | "missing"
  | "conflict"
  | "unavailable"
  | "failed";

export interface CodeEntry {
  kind: "user" | "system";
  category: ErrorCategory;
  /** Whether trying the same thing again, unchanged, may succeed. */
  retryable: boolean;
  hint: string;
}

const user = (category: ErrorCategory, hint: string): CodeEntry => ({
  kind: "user",
  category,
  retryable: false,
  hint,
});
const system = (category: ErrorCategory, hint: string): CodeEntry => ({
  kind: "system",
  category,
  retryable: false,
  hint,
});
const passing = (category: ErrorCategory, hint: string): CodeEntry => ({
  ...system(category, hint),
  retryable: true,
});

export const codes = {
  // What was asked.
  INPUT_INVALID: user("invalid", "Correct the named field and send the request again."),
  CURSOR_INVALID: user(
    "invalid",
    "Start again without a cursor; a cursor belongs to the query that returned it.",
  ),
  MODEL_UNKNOWN: user("missing", "List the declared models with `sluice endpoint list`."),
  PREDICTION_UNKNOWN: user("missing", "List the model's predictions to find the id."),
  RESULT_UNKNOWN: user(
    "missing",
    "Only completed and rejected predictions have a result; look at the status first.",
  ),
  REVIEW_IMPOSSIBLE: user(
    "conflict",
    "Only completed and rejected predictions are reviewed; look at the status first.",
  ),
  REVIEW_NOT_ASKED: user("conflict", "Send it to review first: `sluice review request ID`."),
  REVIEW_OVER: user("conflict", "If that was wrong, say what is right with `sluice labels set`."),
  ENDPOINT_UNKNOWN: user("missing", "List endpoints with `sluice endpoint list`."),
  TOKEN_MISSING: user("unauthenticated", "Send `Authorization: Bearer <token>`."),
  TOKEN_INVALID: user("unauthenticated", "Ask for a new token; this one is unknown, revoked or expired."),
  SCOPE_MISSING: user("forbidden", "Use a token that carries the named scope."),

  // A dataset's labels.
  LABEL_UNKNOWN: user("missing", "List the model's labels with `sluice labels list`."),
  IMPORT_UNKNOWN: user("missing", "List the model's imports with `sluice labels imports`."),
  LABELS_UNREADABLE: user("invalid", "Repair the label file, or export it again, and drop it once more."),
  IMPORT_STALLED: passing(
    "failed",
    "Import the label file again. If it fails again, split it into smaller files.",
  ),
  LABELS_BUSY: passing("conflict", "Others write the same labels; try again."),
  DATASET_UNKNOWN: user("missing", "List the model's datasets with `sluice dataset list`."),
  DATASET_NOT_READY: user("conflict", "Wait until it is ready: `sluice dataset show` tells how far it is."),
  DATASET_NO_DATA: user(
    "failed",
    "Bring files and labels first: `sluice dataset import FOLDER --model MODEL`.",
  ),
  DATASET_ONE_CLASS: user(
    "failed",
    "Label files of at least one more class: there is nothing to tell apart.",
  ),
  DATASET_CLASS_TOO_SMALL: user(
    "failed",
    "Label more files of the named classes, or take their labels away: each split needs one.",
  ),
  DATASET_INSPECTION_FAILED: system(
    "failed",
    "Read the log of DatasetInspect, repair the cause, and prepare again: what was looked at is not read twice.",
  ),
  FORMAT_UNKNOWN: user("invalid", labelHints.FORMAT_UNKNOWN),
  FORMAT_CANNOT_HOLD: user("invalid", labelHints.FORMAT_CANNOT_HOLD),

  // A training.
  TRAINING_UNKNOWN: user("missing", "List the runs with `sluice training list`."),
  TRAINING_BUSY: user("conflict", "Wait until it is over, stop it, or start a second with `force`."),
  TRAINING_OVER: user(
    "conflict",
    "There is nothing left to stop; `sluice training show` tells how it ended.",
  ),
  TRACE_UNKNOWN: user(
    "missing",
    "Give an object's key, or the id of a dataset, run, version, deployment, endpoint or prediction.",
  ),
  TRAINER_UNAVAILABLE: user("invalid", "Choose another container or platform."),

  // The uploaded object.
  OBJECT_EMPTY: user("invalid", "Upload the file again; it holds no bytes."),
  OBJECT_TOO_LARGE: user("invalid", "Upload a smaller file: scale the picture down or compress it more."),
  BUCKET_UNKNOWN: user("missing", "Check its name, and that it belongs to the cloud this speaks to."),
  OBJECT_GONE: user("missing", "The object was deleted before it was read; upload it again."),
  OBJECT_CHANGED: user(
    "conflict",
    "The object was overwritten before it was read; its newer version has its own prediction.",
  ),
  TYPE_NOT_ACCEPTED: user("invalid", "Upload one of the content types the model's declaration accepts."),
  IMAGE_UNREADABLE: user("invalid", "Open the picture in an editor and export it again."),
  IMAGE_TRUNCATED: user("invalid", "The file ends too early; upload it again from the original."),
  IMAGE_TOO_LARGE: user("invalid", "Scale the picture down below the pixel bound."),
  TEXT_EMPTY: user("invalid", "Upload text with at least one visible character."),
  TEXT_UNREADABLE: user("invalid", "Save the text as UTF-8."),

  // The endpoint.
  ENDPOINT_NOT_FOUND: system(
    "unavailable",
    "Provision it with `sluice provision`; waiting predictions are taken up by themselves.",
  ),
  ENDPOINT_NOT_IN_SERVICE: system(
    "unavailable",
    "Wait until the endpoint is in service; waiting predictions are taken up by themselves.",
  ),
  ENDPOINT_FORBIDDEN: system(
    "forbidden",
    "Grant the function sagemaker:InvokeEndpoint on this endpoint in infra/.",
  ),
  ENDPOINT_REFUSED: system(
    "invalid",
    "SageMaker refused the request as invalid; compare the payload with the endpoint's limits.",
  ),
  ENDPOINT_UNAVAILABLE: passing(
    "unavailable",
    "The endpoint is overloaded or restarting; redrive the prediction later.",
  ),
  ENDPOINT_THROTTLED: passing(
    "unavailable",
    "Raise the endpoint's concurrency or instances, or upload more slowly.",
  ),
  ENDPOINT_INTERNAL_FAILURE: passing("unavailable", "SageMaker failed inside; redrive the prediction later."),
  ENDPOINT_TIMEOUT: passing(
    "unavailable",
    "The model took too long: give it more memory, or a smaller input.",
  ),
  NETWORK_FAILED: passing(
    "unavailable",
    "The endpoint could not be reached over the network; redrive the prediction later.",
  ),
  MODEL_FAILED: system(
    "failed",
    "Read the endpoint's log for this prediction's id; the model itself failed on this input.",
  ),
  ANSWER_INVALID: system(
    "failed",
    "The endpoint answered in another form than its task's; serve it with containers/serve.",
  ),

  // Packages, versions and their way to an endpoint.
  PACKAGE_INVALID: user("invalid", "Pack model.onnx and sluice.json at the root of a model.tar.gz again."),
  PACKAGE_HOSTILE: user(
    "invalid",
    "Pack plain files at the archive's root, without links or paths that leave it.",
  ),
  PACKAGE_TOO_LARGE: user(
    "invalid",
    "Leave out of the package what serving does not need, or quantise the model.",
  ),
  PACKAGE_MISMATCH: user(
    "conflict",
    "Correct task and classes in sluice.json, or in the model's declaration.",
  ),
  VERSION_UNKNOWN: user("missing", "List the model's versions with `sluice versions list`."),
  VERSION_NOT_READY: user("conflict", "Wait until the version is evaluated: `sluice versions show`."),
  VERSION_REFUSED: user("conflict", "Train again with more labels, or deploy it all the same with --force."),
  EVALUATION_MISSING: user("missing", "Evaluate the version on held-out data with `sluice evaluate`."),
  EVALUATION_FAILED: system("failed", "Read the evaluation job's log with `sluice logs`."),
  DEPLOYMENT_UNKNOWN: user("missing", "List deployments with `sluice endpoint history`."),
  DEPLOYMENT_CONFLICT: user("conflict", "Another request changed it at the same moment; ask again."),
  DEPLOYMENT_FAILED: system(
    "failed",
    "Read the endpoint's log with `sluice logs`; what served before still serves.",
  ),
  TRAFFIC_UNKNOWN: user("conflict", "Start with `sluice traffic set MODEL --version V --share 10`."),

  // The gate.
  THRESHOLD_CONFIDENCE_NOT_MET: user(
    "failed",
    "The model is not sure enough; look at the picture in the review queue.",
  ),

  // The app and its stores.
  STORAGE_FORBIDDEN: system("forbidden", "Grant the named action on the bucket in infra/."),
  BUCKET_MISSING: passing("unavailable", "Deploy the app again to create its bucket, then redrive."),
  STORAGE_FAILED: passing("unavailable", "S3 failed; the message is tried again."),
  TABLE_FAILED: passing("unavailable", "DynamoDB failed; the message is tried again."),
  PUBLISH_FAILED: passing("unavailable", "EventBridge did not take the event; the message is tried again."),
  EVENT_INVALID: system(
    "invalid",
    "The event has another shape than its source documents; see the dead-letter queue.",
  ),
  PREDICTION_BUSY: passing(
    "conflict",
    "Another worker holds this prediction; it is tried again when its lease ends.",
  ),
  PROCESSING_STALLED: passing(
    "failed",
    "The worker that held it disappeared and no message is left; redrive the prediction.",
  ),
  REPAIR_INCOMPLETE: passing("failed", "The log names each; the next run tries them again."),
  CONFIGURATION_MISSING: system(
    "failed",
    "After declaring a model: `npx sluice synth`, then start or deploy again. Else link the named resource to this function in infra/.",
  ),
  UNEXPECTED: system("failed", "This is a defect: look for the error's id in the logs."),
} as const satisfies Record<string, CodeEntry>;

export type ErrorCode = keyof typeof codes;
export const errorCodes = Object.keys(codes) as ErrorCode[];
