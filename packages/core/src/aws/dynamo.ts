import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { lazy } from "./lazy.ts";

// ElectroDB creates its own document client from the plain client.
export const dynamo = lazy(() => new DynamoDBClient({}));
