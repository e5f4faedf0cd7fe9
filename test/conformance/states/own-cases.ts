// Without the recordings, these executions run: one of each kind of state, with the events AWS documents.
import type { Recorded } from "./replay.ts";

const entered = (id: number, previousEventId: number, type: string, name: string, input: string) => ({
  id,
  previousEventId,
  type: `${type}StateEntered`,
  stateEnteredEventDetails: { name, input, inputDetails: { truncated: false } },
});
const exited = (id: number, previousEventId: number, type: string, name: string, output: string) => ({
  id,
  previousEventId,
  type: `${type}StateExited`,
  stateExitedEventDetails: { name, output, outputDetails: { truncated: false } },
});
const started = (input: string) => ({
  id: 1,
  previousEventId: 0,
  type: "ExecutionStarted",
  executionStartedEventDetails: { input, inputDetails: { truncated: false }, roleArn: "snf_role_arn" },
});
const succeeded = (id: number, output: string) => ({
  id,
  previousEventId: id - 1,
  type: "ExecutionSucceeded",
  executionSucceededEventDetails: { output, outputDetails: { truncated: false } },
});

export const ownCases: Recorded[] = [
  {
    id: "own::choice",
    definition: JSON.stringify({
      StartAt: "Compare",
      States: {
        Compare: {
          Type: "Choice",
          Choices: [{ Variable: "$.size", NumericGreaterThan: 3, Next: "Large" }],
          Default: "Small",
        },
        Large: { Type: "Pass", Result: "large", End: true },
        Small: { Type: "Pass", Result: "small", End: true },
      },
    }),
    input: '{"size":4}',
    events: [
      started('{"size":4}'),
      entered(2, 0, "Choice", "Compare", '{"size":4}'),
      exited(3, 2, "Choice", "Compare", '{"size":4}'),
      entered(4, 3, "Pass", "Large", '{"size":4}'),
      exited(5, 4, "Pass", "Large", '"large"'),
      succeeded(6, '"large"'),
    ],
  },
  {
    id: "own::jsonata",
    definition: JSON.stringify({
      QueryLanguage: "JSONata",
      StartAt: "Add",
      States: { Add: { Type: "Pass", Output: "{% $sum($states.input) %}", End: true } },
    }),
    input: "[1,2,3]",
    events: [
      started("[1,2,3]"),
      entered(2, 0, "Pass", "Add", "[1,2,3]"),
      exited(3, 2, "Pass", "Add", "6"),
      succeeded(4, "6"),
    ],
  },
  {
    id: "own::failure",
    definition: JSON.stringify({
      StartAt: "Stop",
      States: { Stop: { Type: "Fail", Error: "Broken", Cause: "No reason" } },
    }),
    input: "{}",
    events: [
      started("{}"),
      entered(2, 0, "Fail", "Stop", "{}"),
      {
        id: 3,
        previousEventId: 2,
        type: "ExecutionFailed",
        executionFailedEventDetails: { error: "Broken", cause: "No reason" },
      },
    ],
  },
];
