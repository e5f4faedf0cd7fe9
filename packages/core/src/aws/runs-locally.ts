/** The embedded AWS sets its endpoint for functions; AWS does not. */
export const runsLocally = (): boolean => Boolean(process.env["AWS_ENDPOINT_URL"]);
