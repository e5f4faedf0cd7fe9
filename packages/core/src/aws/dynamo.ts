import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { lazy } from "./lazy.ts";

// ElectroDB wraps the plain client into a document client of its own.
export const dynamo = lazy(() => new DynamoDBClient({}));
