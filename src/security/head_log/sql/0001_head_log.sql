-- Control database. Heads of the tenants' audit logs, each a leaf of one log over all of them. Rows are
-- only ever added.
create table head_entry (
    id        integer primary key,
    tenant_id integer not null,
    size      integer not null,
    root      blob not null,
    at        integer not null
);
create index head_entry_tenant on head_entry (tenant_id, id);
-- Tiles of 256 hashes; the id is level << 48 | index.
create table head_tile (
    id     integer primary key,
    hashes blob not null
);
-- Signed heads of the log of heads; the id is the size. The last one of an hour is kept.
create table head_checkpoint (
    id   integer primary key,
    at   integer not null,
    root blob not null,
    note text not null
);
