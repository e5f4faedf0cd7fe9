// Stored models, endpoint configurations, endpoints, jobs and tags: JSON documents by kind and name.
import type { Store } from "../../kernel/store.ts";

export type Kind = "model" | "endpoint-config" | "endpoint" | "training-job" | "processing-job";

export type Documents = ReturnType<typeof openDocuments>;

export function openDocuments(store: Store) {
  store.define(`
    create table if not exists sagemaker_documents
      (kind text not null, name text not null, created integer not null, document text not null, primary key (kind, name));
    create table if not exists sagemaker_tags
      (arn text not null, key text not null, value text not null, primary key (arn, key));
  `);
  const tags = (arn: string) =>
    store.all<{ key: string; value: string }>`select key, value from sagemaker_tags where arn = ${arn}
        order by key`.map(({ key, value }) => ({ Key: key, Value: value }));
  return {
    /** Removes a document and the tags of its resource. */
    forget: (kind: Kind, name: string, arn: string) =>
      store.tx(() => {
        store.run`delete from sagemaker_documents where kind = ${kind} and name = ${name}`;
        store.run`delete from sagemaker_tags where arn = ${arn}`;
      }),
    get<T>(kind: Kind, name: string) {
      const row = store.get<{ document: string }>`select document from sagemaker_documents
        where kind = ${kind} and name = ${name}`;
      return row && (JSON.parse(row.document) as T);
    },
    put(kind: Kind, name: string, created: number, document: object) {
      store.run`insert into sagemaker_documents
        values (${kind}, ${name}, ${created}, ${JSON.stringify(document)})
        on conflict (kind, name) do update set document = excluded.document`;
    },
    list: <T>(kind: Kind) =>
      store.all<{ document: string }>`select document from sagemaker_documents where kind = ${kind}`.map(
        (row) => JSON.parse(row.document) as T,
      ),
    tags,
    /** As events carry them. */
    tagMap: (arn: string): Record<string, string> =>
      Object.fromEntries(tags(arn).map(({ Key, Value }) => [Key, Value])),
    tag(arn: string, given: Array<{ Key?: string; Value?: string }>) {
      for (const { Key, Value } of given)
        store.run`insert or replace into sagemaker_tags values (${arn}, ${Key ?? ""}, ${Value ?? ""})`;
    },
    untag(arn: string, keys: string[]) {
      for (const key of keys) store.run`delete from sagemaker_tags where arn = ${arn} and key = ${key}`;
    },
  };
}
