import type { RandomSource } from "./intrinsic/functions.ts";
import type { Json, JsonObject } from "./json.ts";

/** What the fields of a state can read. */
export interface Scope {
  input: Json;
  context: JsonObject;
  /** Those of the outer blocks included. */
  variables: JsonObject;
  chance: RandomSource;
}
