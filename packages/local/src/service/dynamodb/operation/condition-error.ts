// Errors that can carry the item whose condition failed.
import { AwsError } from "../../../kernel/error.ts";
import type { Item } from "../value/value.ts";

export const conditionFailed = (item?: Item) =>
  new AwsError("ConditionalCheckFailedException", "The conditional request failed", {
    fields: item ? { Item: item } : {},
  });

export interface CancellationReason {
  Code: string;
  Message?: string;
  Item?: Item;
}

export const transactionCancelled = (reasons: CancellationReason[]) =>
  new AwsError(
    "TransactionCanceledException",
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${reasons.map((reason) => reason.Code).join(", ")}]`,
    { fields: { CancellationReasons: reasons } },
  );
