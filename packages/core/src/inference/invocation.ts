import type { Task } from "../prediction/prediction.ts";
import type { ProbabilityList } from "./probability-list.ts";

export interface Invocation {
  endpoint: string;
  task: Task;
  bytes: Uint8Array;
  contentType: string;
  /** Links SageMaker's logs and captures to the prediction. */
  inferenceId: string;
  /** Epoch ms after which no attempt starts, and the running one is aborted. */
  deadline: number;
  /** For an asynchronous endpoint: where the same bytes are stored. */
  stored?: StoredInput;
  /** For an image that returns a list of probabilities. */
  probabilityList?: ProbabilityList;
}

export interface StoredInput {
  bucket: string;
  key: string;
  /** Key of the pending request, which a later attempt continues. */
  pendingKey?: string;
}
