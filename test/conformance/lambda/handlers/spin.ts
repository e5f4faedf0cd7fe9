export const handler = async () => {
  console.log(`pid ${process.pid}`);
  for (;;);
};
