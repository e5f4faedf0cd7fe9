/** CI also runs what takes minutes: more rounds of kill -9, and more uploads in a burst. */
export const thorough = process.env["THOROUGH"] === "1";
