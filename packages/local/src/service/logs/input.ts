// Inputs of the operations, and page tokens.
import { AwsError } from "../../kernel/error.ts";

export interface GroupInput {
  logGroupName?: string;
  logGroupIdentifier?: string;
}

export interface PutInput extends GroupInput {
  logStreamName: string;
  logEvents?: Array<{ timestamp: number; message: string }>;
}

export interface FilterInput extends GroupInput {
  logStreamNames?: string[];
  logStreamNamePrefix?: string;
  startTime?: number;
  endTime?: number;
  filterPattern?: string;
  nextToken?: string;
  limit?: number;
}

export interface GetInput extends GroupInput {
  logStreamName: string;
  startTime?: number;
  endTime?: number;
  nextToken?: string;
  limit?: number;
  startFromHead?: boolean;
}

export interface DescribeStreamsInput extends GroupInput {
  logStreamNamePrefix?: string;
  orderBy?: "LogStreamName" | "LastEventTime";
  descending?: boolean;
  nextToken?: string;
  limit?: number;
}

export const invalid = (message: string) => new AwsError("InvalidParameterException", message);

export const token = ({ at, id }: { at: number; id: number }) =>
  Buffer.from(`${at}.${id}`).toString("base64url");

export function readToken(text: string | undefined) {
  if (!text) return;
  const [at, id] = Buffer.from(text, "base64url").toString().split(".").map(Number);
  if (!Number.isFinite(at) || !Number.isFinite(id)) throw invalid("The specified nextToken is invalid.");
  return { at: at!, id: id! };
}
