export const handler = async (event: unknown, context: { awsRequestId: string }) => {
  console.log(JSON.stringify({ level: "INFO", message: "echo", event }));
  if ((event as { fail?: boolean }).fail) throw new RangeError("asked to fail");
  return { event, requestId: context.awsRequestId };
};
