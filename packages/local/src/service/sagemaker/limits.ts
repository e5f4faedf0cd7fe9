// SageMaker's documented limits.

/** Endpoint, endpoint config and variant names; models allow the same characters. */
export const NAME = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;

export const REALTIME_PAYLOAD_BYTES = 6_291_456;
export const SERVERLESS_PAYLOAD_BYTES = 4 * 1024 * 1024;
export const INVOCATION_TIMEOUT_MS = 60_000;

/** How long a container may take until its first successful /ping. */
export const REALTIME_STARTUP_MS = 4 * 60_000;
export const SERVERLESS_STARTUP_MS = 3 * 60_000;
export const PING_TIMEOUT_MS = 2_000;

/** Between SIGTERM and SIGKILL when a container is stopped. */
export const STOP_GRACE_MS = 30_000;

/** How long a serverless endpoint keeps its idle container. Observed on AWS, not documented. */
export const SERVERLESS_IDLE_MS = 5 * 60_000;

export const SERVERLESS_MEMORY_MB = [1024, 2048, 3072, 4096, 5120, 6144];
export const SERVERLESS_MAX_CONCURRENCY = 200;

/** DescribeX's FailureReason, in characters. */
export const FAILURE_REASON_CHARACTERS = 1024;

export const LIST_PAGE = 10;
export const LIST_PAGE_MAX = 100;

/** An unpacked model.tar.gz; a serverless endpoint has 5 GB of disk. */
export const UNPACKED_MODEL_BYTES = 5 * 1024 ** 3;

/** Between SIGTERM and SIGKILL when a job is stopped. */
export const JOB_STOP_GRACE_MS = 120_000;
/** StoppingCondition.MaxRuntimeInSeconds: the default and the maximum. */
export const JOB_RUNTIME_SECONDS = 86_400;
export const TRAINING_RUNTIME_MAX_SECONDS = 28 * 86_400;
export const PROCESSING_RUNTIME_MAX_SECONDS = 7 * 86_400;
export const RETRY_ATTEMPTS_MAX = 30;

export const HYPERPARAMETERS = 100;
export const HYPERPARAMETER_NAME_CHARACTERS = 256;
export const HYPERPARAMETER_VALUE_CHARACTERS = 2500;
export const CHANNELS = 20;
export const CHANNEL_NAME = /^[A-Za-z0-9.\-_]{1,64}$/;
export const METRIC_DEFINITIONS = 40;
export const METRIC_REGEX_CHARACTERS = 500;
export const ENVIRONMENT_NAME = /^[a-zA-Z_][a-zA-Z0-9_]{0,511}$/;
/**
 * Variables that make Node, Python, a shell or the dynamic linker load code. AWS accepts them, because its containers are
 * isolated; here a job is a process of the developer.
 */
export const ENVIRONMENT_REFUSED =
  /^(NODE_.*|LD_.*|DYLD_.*|PYTHON.*|OPENSSL_.*|GCONV_PATH|BASH_ENV|ENV|PATH|SM_OPT_ML)$/i;
export const ENVIRONMENT_VALUE_CHARACTERS = 512;
export const ENVIRONMENT_VARIABLES = 100;
export const TAGS = 50;
/** Subnets and security groups of a VpcConfig. */
export const VPC_SUBNETS = 16;
export const VPC_SECURITY_GROUPS = 5;
export const VPC_ID = /^[-0-9a-zA-Z]{1,32}$/;
/** A processing job's inputs and outputs, each. */
export const PROCESSING_CHANNELS = 10;
/** The part of output/message that becomes a processing job's ExitMessage. */
export const EXIT_MESSAGE_BYTES = 1024;

/** An asynchronous request by S3 reference. */
export const ASYNC_PAYLOAD_BYTES = 1024 ** 3;
/** An asynchronous request with an inline body. */
export const ASYNC_BODY_BYTES = 128_000;
/** Default concurrency per instance. AWS chooses it dynamically. */
export const ASYNC_CONCURRENCY = 4;
export const ASYNC_CONCURRENCY_MAX = 1000;
/** How long a request may wait, and how long the container may take, in seconds. */
export const ASYNC_TTL_SECONDS = { least: 60, most: 21_600, usual: 21_600 };
export const ASYNC_TIMEOUT_SECONDS = { least: 1, most: 3_600, usual: 900 };
