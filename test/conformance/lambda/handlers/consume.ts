export const handler = async ({ Records }: { Records: Array<{ body: string }> }) => {
  for (const { body } of Records) console.log(`consumed ${body}`);
};
