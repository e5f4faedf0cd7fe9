// A file that expects an ERROR that never comes.
import { test } from "vitest";
import { expectErrorLog } from "../error-log.ts";

test("passes: the test itself", () => expectErrorLog(/never printed/));
