import { db } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import { Endpoint } from "./endpoint.ts";

export async function list(): Promise<Endpoint[]> {
  const { data } = await db().entities.endpoint.query.all({}).go({ pages: "all" });
  return data.map((item) => Endpoint.parse(item));
}

export async function fromName(name: string): Promise<Endpoint> {
  const { data } = await db().entities.endpoint.get({ name }).go();
  if (!data)
    throw new SluiceError("ENDPOINT_UNKNOWN", `There is no record of an endpoint ${name}.`, {
      details: { name },
    });
  return Endpoint.parse(data);
}
