// Executions recorded on AWS, run by the local interpreter with the recorded answers of their tasks.
import { describe, expect, it } from "vitest";
import { readVectors } from "../../support/vectors.ts";
import { hasSameDetails, hasSameOutcome, hasSameSequence } from "./compare.ts";
import { ownCases } from "./own-cases.ts";
import { replay, type Recorded } from "./replay.ts";

const cases = readVectors<Recorded>("stepfunctions.json") ?? ownCases;
const nameOf = ({ id }: Recorded) => id.split("::").at(-1)!;

/** The recording lacks events of the inner state. */
const INCOMPLETE = ["test_parallel_state_nested"];
/** After a state before it, the exit of a distributed Map names MapRunStarted as its previous event, not MapRunSucceeded. */
const OTHER_PREVIOUS = [
  "test_reference_in_map_state[MAP_STATE_REFERENCE_IN_TOLERATED_FAILURE_PATH]",
  "test_map_state_config_distributed_item_selector_parameters",
  "test_map_state_nested_config_distributed_no_max_max_concurrency",
  "test_map_state_config_distributed_items_path_from_previous",
];
/** An assigned time is a mask, and the details are JSON text around it. */
const MASKED_TIME = ["test_reference_assign[BASE_REFERENCE_IN_WAIT]"];

describe("Step Functions, against recorded executions", () => {
  it.each(cases.map((one) => [nameOf(one), one] as const))("%s", async (name, recorded) => {
    const { execution, history } = await replay(recorded);
    expect(
      hasSameOutcome(recorded, execution),
      `${execution.status} ${execution.error}: ${execution.cause}`,
    ).toBe(true);
    expect(hasSameSequence(recorded, history)).toBe(!INCOMPLETE.includes(name));
    const ordered = recorded.events.every(({ id }) => typeof id === "number");
    if (ordered)
      expect(hasSameDetails(recorded, history)).toBe(![...OTHER_PREVIOUS, ...MASKED_TIME].includes(name));
  });
});
