// A cloud with stub services, one for each protocol: tests set their handlers and read their inputs.
import { afterAll, beforeAll, beforeEach } from "vitest";
import type { Operation, Plugin } from "../kernel/service.ts";
import { testCloud, type TestCloud } from "../kernel/testing-cloud.ts";
import { sts } from "../service/sts/plugin.ts";

export interface StubServices {
  cloud: TestCloud;
  /** Handlers by operation; others return an empty output. */
  handlers: Record<string, Operation>;
  /** The last input of each operation. */
  inputs: Record<string, any>;
}

const OPERATIONS: Record<string, string[]> = {
  s3: [
    "PutObject",
    "GetObject",
    "HeadObject",
    "CopyObject",
    "UploadPart",
    "ListObjectsV2",
    "DeleteObjects",
    "GetBucketLocation",
  ],
  dynamodb: ["PutItem", "GetItem"],
  sqs: ["SendMessage", "GetQueueUrl"],
  lambda: ["Invoke"],
  cloudwatch: ["PutMetricData"],
};

/** One cloud for a test file, with new stubs for each test. */
export function stubServices(): StubServices {
  const stubs: StubServices = { cloud: undefined as never, handlers: {}, inputs: {} };
  const act =
    (operation: string): Operation =>
    async (input, call) => {
      stubs.inputs[operation] = input;
      return stubs.handlers[operation]?.(input, call) ?? {};
    };
  const plugins = Object.entries(OPERATIONS).map(([name, operations]): Plugin => ({
    name,
    resources: {},
    start: () => ({
      operations: Object.fromEntries(operations.map((each) => [each, act(each)])),
      access: () => [],
    }),
  }));
  beforeAll(async () => {
    stubs.cloud = await testCloud({ plugins: [sts, ...plugins] });
  });
  afterAll(() => stubs.cloud.dispose());
  beforeEach(() => {
    stubs.handlers = {};
    stubs.inputs = {};
  });
  return stubs;
}
