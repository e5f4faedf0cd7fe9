/** A copy without undefined fields, at any depth: DynamoDB has no word for them. */
export const stored = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
