/** A copy without undefined fields, at any depth: DynamoDB cannot store undefined. */
export const withoutUndefined = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
