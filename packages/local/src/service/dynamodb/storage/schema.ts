// The SQLite tables of DynamoDB. Index entries reference items and contain no copies, so they cannot differ.
export const schema = `
create table if not exists dynamodb_table (
  id integer primary key autoincrement,
  name text not null unique,
  created integer not null,
  definition text not null
) strict;
create table if not exists dynamodb_item (
  table_id integer not null,
  hash blob not null,
  range blob not null,
  body text not null,
  binary integer not null,
  size integer not null,
  expires integer,
  unique (table_id, hash, range)
) strict;
create index if not exists dynamodb_item_expiry on dynamodb_item (table_id, expires) where expires is not null;
create table if not exists dynamodb_entry (
  table_id integer not null,
  index_name text not null,
  hash blob not null,
  range blob not null,
  item_hash blob not null,
  item_range blob not null,
  primary key (table_id, index_name, hash, range, item_hash, item_range)
) strict, without rowid;
create table if not exists dynamodb_token (
  token text primary key,
  digest text not null,
  expires integer not null
) strict, without rowid;
`;
