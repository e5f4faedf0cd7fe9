// The parts of Lambda's types that the handlers read.
export interface QueueEvent {
  Records: {
    messageId: string;
    receiptHandle: string;
    body: string;
    attributes: { ApproximateReceiveCount: string };
  }[];
}

export interface Context {
  getRemainingTimeInMillis(): number;
}
