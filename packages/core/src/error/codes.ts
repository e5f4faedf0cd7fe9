// All error codes. `kind` is `user` for an error in the caller's input and `system` for one of the app or of AWS. An
// interface maps `category` to an HTTP status or an exit code.
import { hints as labelHints } from "@sluice/labels/error.ts";

const CATEGORIES = [
  "invalid",
  "unauthenticated",
  "forbidden",
  "missing",
  "conflict",
  "unavailable",
  "failed",
] as const;
export type ErrorCategory = (typeof CATEGORIES)[number];

export interface CodeEntry {
  kind: "user" | "system";
  category: ErrorCategory;
  /** The same call may succeed when it is repeated. */
  retryable: boolean;
  hint: string;
}

const entries = (kind: CodeEntry["kind"], retryable: boolean) =>
  Object.fromEntries(
    CATEGORIES.map((category) => [category, (hint: string) => ({ kind, category, retryable, hint })]),
  ) as Record<ErrorCategory, (hint: string) => CodeEntry>;
const user = entries("user", false);
const system = entries("system", false);
const transient = entries("system", true);

export const codes = {
  // Requests.
  INPUT_INVALID: user.invalid("Correct the named field and send the request again."),
  CURSOR_INVALID: user.invalid("Start without a cursor. A cursor only continues the query that returned it."),
  MODEL_UNKNOWN: user.missing("List the declared models with `npx sluice endpoints list`."),
  PREDICTION_UNKNOWN: user.missing("Find the id with `npx sluice predictions list MODEL`."),
  RESULT_UNKNOWN: user.missing(
    "Only completed and rejected predictions have a result. Check the status: `npx sluice predictions show ID`.",
  ),
  REVIEW_IMPOSSIBLE: user.conflict(
    "Only completed and rejected predictions can be reviewed. Check the status: `npx sluice predictions show ID`.",
  ),
  REVIEW_NOT_REQUESTED: user.conflict("Request a review first: `npx sluice reviews request ID`."),
  REVIEW_CLOSED: user.conflict("To correct its label, use `npx sluice labels set MODEL KEY CLASS`."),
  ENDPOINT_UNKNOWN: user.missing("List endpoints with `npx sluice endpoints list`."),
  TOKEN_MISSING: user.unauthenticated("Send `Authorization: Bearer <token>`."),
  TOKEN_INVALID: user.unauthenticated(
    "This token is unknown, revoked or expired. Create a new one: `npx sluice tokens create --name NAME`.",
  ),
  SCOPE_MISSING: user.forbidden(
    "Use a token with the named scope: `npx sluice tokens create --name NAME --scope SCOPE`.",
  ),

  NOT_SUBSCRIBED: user.conflict("Send a `subscribe` message with a token first."),

  // Labels and datasets.
  LABEL_UNKNOWN: user.missing("List the model's labels with `npx sluice labels list MODEL`."),
  IMPORT_UNKNOWN: user.missing("List the model's imports with `npx sluice labels imports MODEL`."),
  LABELS_UNREADABLE: user.invalid("Repair the label file, or export it again, and upload it again."),
  IMPORT_STALLED: transient.failed(
    "Import the label file again. If it fails again, split it into smaller files.",
  ),
  LABELS_BUSY: transient.conflict("Other writers changed the same labels. Try again."),
  DATASET_UNKNOWN: user.missing("List the model's datasets with `npx sluice datasets list MODEL`."),
  DATASET_NOT_READY: user.conflict(
    "Wait until it is ready. `npx sluice datasets show ID` prints the progress.",
  ),
  DATASET_NO_DATA: user.failed(
    "Import files and labels first: `npx sluice datasets import FOLDER --model MODEL`.",
  ),
  DATASET_ONE_CLASS: user.failed("Label files of at least one more class."),
  DATASET_CLASS_TOO_SMALL: user.failed(
    "Label more files of the named classes, or remove their labels. Each split needs one file of each class.",
  ),
  DATASET_INSPECTION_FAILED: system.failed(
    "Read the log (`npx sluice logs InspectFiles`), remove the cause, and prepare again. Inspected files are not read twice.",
  ),
  FORMAT_UNKNOWN: user.invalid(labelHints.FORMAT_UNKNOWN),
  FORMAT_CANNOT_HOLD: user.invalid(labelHints.FORMAT_CANNOT_HOLD),

  // Training.
  TRAINING_UNKNOWN: user.missing("List the runs with `npx sluice trainings list`."),
  TRAINING_BUSY: user.conflict("Wait until it ends, stop it, or start a second run with `force`."),
  TRAINING_ENDED: user.conflict("The run has ended. `npx sluice trainings show RUN` prints its result."),
  TRACE_UNKNOWN: user.missing(
    "Use an object's key or S3 URI, or the id of a record, as `list` commands and events print it.",
  ),
  TRAINER_UNAVAILABLE: user.invalid("Choose another container or platform."),

  // Uploaded objects.
  OBJECT_EMPTY: user.invalid("Upload a file that is not empty."),
  OBJECT_TOO_LARGE: user.invalid("Upload a smaller file: scale the image down or compress it more."),
  BUCKET_UNKNOWN: user.missing(
    "Check the bucket's name, and that it belongs to the AWS account and region in use.",
  ),
  OBJECT_GONE: user.missing("The object was deleted before it was read. Upload it again."),
  OBJECT_CHANGED: user.conflict(
    "The object was overwritten before it was read. Its newer version has its own prediction.",
  ),
  TYPE_NOT_ACCEPTED: user.invalid("Upload a content type that the model's declaration accepts."),
  IMAGE_UNREADABLE: user.invalid("Open the image in an editor and export it again."),
  IMAGE_TRUNCATED: user.invalid("The file is incomplete. Upload the original again."),
  IMAGE_TOO_LARGE: user.invalid("Scale the image down below the limit for pixels."),
  TEXT_EMPTY: user.invalid("Upload text with at least one visible character."),
  TEXT_UNREADABLE: user.invalid("Save the text as UTF-8."),

  // Endpoints.
  ENDPOINT_NOT_FOUND: system.unavailable(
    "Run `npx sluice provision MODEL`. Waiting predictions then start automatically.",
  ),
  ENDPOINT_NOT_IN_SERVICE: system.unavailable(
    "Wait until the endpoint is in service. Waiting predictions then start automatically.",
  ),
  ENDPOINT_FORBIDDEN: system.forbidden(
    "Grant the function the named action on this endpoint in infra/, then deploy.",
  ),
  AWS_CREDENTIALS_INVALID: system.forbidden(
    "Sign in to AWS again, for instance with `aws sso login`. In a function, check that its role exists: `npx sluice doctor`.",
  ),
  ENDPOINT_REQUEST_REJECTED: system.invalid(
    "SageMaker rejected the request as invalid. Compare the payload with the endpoint's limits.",
  ),
  ENDPOINT_UNAVAILABLE: transient.unavailable(
    "The endpoint is overloaded or restarting. Send the request again later. For uploads, run `npx sluice redrive MODEL`.",
  ),
  ENDPOINT_THROTTLED: transient.unavailable(
    "Raise the endpoint's concurrency or instances, or upload more slowly.",
  ),
  ENDPOINT_INTERNAL_FAILURE: transient.unavailable(
    "SageMaker had an internal error. Send the request again later. For uploads, run `npx sluice redrive MODEL`.",
  ),
  ENDPOINT_TIMEOUT: transient.unavailable(
    "The model took too long. Give the endpoint more memory, or send a smaller input.",
  ),
  NETWORK_FAILED: transient.unavailable(
    "The endpoint could not be reached over the network. Send the request again later. For uploads, run `npx sluice redrive MODEL`.",
  ),
  MODEL_FAILED: system.failed(
    "The model failed on this input. Search the endpoint's log for the id of the prediction.",
  ),
  RESPONSE_INVALID: system.failed(
    "The response does not match the task. Serve the model with containers/serve.",
  ),

  // Packages, versions and deployments.
  PACKAGE_INVALID: user.invalid("Pack it again, with model.onnx and sluice.json at the archive's root."),
  PACKAGE_HOSTILE: user.invalid(
    "Pack only files at the archive's root, without links or paths that leave it.",
  ),
  PACKAGE_TOO_LARGE: user.invalid("Remove files that serving does not need, or quantize the model."),
  PACKAGE_MISMATCH: user.conflict("Correct task and classes in sluice.json, or in the model's declaration."),
  VERSION_UNKNOWN: user.missing("List the model's versions with `npx sluice versions list MODEL`."),
  VERSION_NOT_READY: user.conflict(
    "Wait until the version is evaluated: `npx sluice versions show MODEL VERSION`.",
  ),
  VERSION_REFUSED: user.conflict("Train again with more labels, or deploy it anyway with --force."),
  EVALUATION_MISSING: user.missing(
    "Evaluate the version on held-out data: `npx sluice evaluate MODEL --version VERSION`.",
  ),
  EVALUATION_IMPOSSIBLE: user.conflict(
    "Use the accuracy on the validation split: `npx sluice versions show MODEL`.",
  ),
  EVALUATION_FAILED: system.failed(
    "Evaluate the version again: `npx sluice evaluate MODEL --version VERSION`.",
  ),
  DEPLOYMENT_UNKNOWN: user.missing("List deployments with `npx sluice deployments list MODEL`."),
  DEPLOYMENT_CONFLICT: user.conflict("Another request changed the deployment at the same time. Try again."),
  DEPLOYMENT_FAILED: system.failed(
    "Read the endpoint's log with `npx sluice logs MODEL`. The previous version is still live.",
  ),
  QUOTA_EXCEEDED: user.conflict(
    "Request an increase of the named quota in Service Quotas, or use less of it.",
  ),
  LIVE_VERSION_MISSING: user.conflict("Deploy a first version: `npx sluice provision MODEL`."),

  // Alerts.
  ALERT_RULE_UNKNOWN: user.missing("List the rules with `npx sluice alerts rules`."),
  ALERT_RULES_FULL: user.conflict("Remove a rule first: `npx sluice alerts remove ID`."),
  WEBHOOK_URL_REFUSED: user.invalid(
    "Use an https URL of a public host. On the local cloud, a URL on this machine works too.",
  ),
  WEBHOOK_FAILED: user.unavailable(
    "Check the receiver, then test the rule: `npx sluice alerts test ID`. Alerts are retried; then they are dead letters.",
  ),
  // Monitoring.
  MONITORING_UNDECLARED: user.conflict(
    "Add `monitoring: {}` to the model's declaration, run `npm run synth`, then start or deploy again.",
  ),
  BASELINE_MISSING: user.conflict(
    "Evaluate the live version, or predict more files. `npx sluice monitoring show MODEL` prints the progress.",
  ),
  BASELINE_UNFINISHED: user.conflict(
    "Use fewer predictions: `npx sluice monitoring baseline MODEL --count 500`.",
  ),
  REPORT_UNKNOWN: user.missing("List the model's reports with `npx sluice monitoring reports MODEL`."),

  // Confidence threshold.
  THRESHOLD_CONFIDENCE_NOT_MET: user.failed(
    "The confidence is below the threshold. Review the prediction: `npx sluice reviews show ID`.",
  ),

  // The app and its storage.
  STORAGE_FORBIDDEN: system.forbidden("Grant the named action on the bucket in infra/, then deploy."),
  BUCKET_MISSING: transient.unavailable(
    "Deploy the app again to create its bucket, then run `npx sluice redrive MODEL`.",
  ),
  STORAGE_FAILED: transient.unavailable(
    "S3 failed. Uploads are retried automatically. Send an API request again.",
  ),
  TABLE_FAILED: transient.unavailable(
    "DynamoDB failed. Uploads are retried automatically. Send an API request again.",
  ),
  PUBLISH_FAILED: transient.unavailable(
    "EventBridge rejected the event. The next attempt publishes it again.",
  ),
  EVENT_INVALID: system.invalid(
    "The event does not match its schema. Find the event in the queue EventDeadLetters.",
  ),
  PROCESSING_STALLED: transient.failed(
    "The worker of the prediction stopped. Run `npx sluice redrive MODEL`, or upload the file again.",
  ),
  REPAIR_INCOMPLETE: transient.failed("The log names each failure. The next run retries them."),
  CONFIGURATION_MISSING: system.failed(
    "After declaring a model, run `npm run synth`, then start or deploy again. Otherwise, link the named resource to this function in infra/.",
  ),
  CONFIGURATION_INVALID: system.failed("Correct the named file or field, then start again."),
  UNEXPECTED: system.failed("This is a bug. Find its cause in the logs: `npx sluice logs --since 1h`."),
} as const satisfies Record<string, CodeEntry>;

export type ErrorCode = keyof typeof codes;
export const errorCodes = Object.keys(codes) as ErrorCode[];
