import { Resource } from "sst";

/** Replaces a link. SST reads the environment only once, and `in` makes it do so before. */
export function setLink(name: string, properties: object): void {
  if (!(name in Resource)) throw new Error(`${name} is not linked.`);
  Object.assign(Resource, { [name]: properties });
}
