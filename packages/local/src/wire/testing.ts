// A cloud whose services are puppets, one for each protocol: they do what a test says and keep what they were given.
import { afterAll, beforeAll, beforeEach } from "vitest";
import type { Operation, Plugin } from "../kernel/service.ts";
import { testCloud, type TestCloud } from "../kernel/testing-cloud.ts";
import { sts } from "../service/sts/plugin.ts";

export interface StubServices {
  cloud: TestCloud;
  /** What an operation does; nothing and an empty answer when the test does not say. */
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

/** One cloud for a whole test file, its puppets made new for each test. */
export function stubServices(): StubServices {
  const puppets: StubServices = { cloud: undefined as never, handlers: {}, inputs: {} };
  const act =
    (operation: string): Operation =>
    async (input, call) => {
      puppets.inputs[operation] = input;
      return puppets.handlers[operation]?.(input, call) ?? {};
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
    puppets.cloud = await testCloud({ plugins: [sts, ...plugins] });
  });
  afterAll(() => puppets.cloud.dispose());
  beforeEach(() => {
    puppets.handlers = {};
    puppets.inputs = {};
  });
  return puppets;
}
