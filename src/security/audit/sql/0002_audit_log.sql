-- The Merkle log over the records, in the order of their ids, which is the order of their commits.
-- Tiles of 256 hashes; the id is level << 48 | index. Only the last tile of a level ever changes.
create table audit_tile (
    tenant_id integer not null,
    id        integer primary key,
    hashes    blob not null
);
-- Which records the leaves of tile (0, id) are: their ids, 8 bytes each, big endian.
create table audit_entries (
    tenant_id  integer not null,
    id         integer primary key,
    first_id   integer not null,
    last_id    integer not null,
    record_ids blob not null
);
create index audit_entries_first on audit_entries (tenant_id, first_id);
-- Signed heads of the log; the id is the size. The last one of an hour is kept.
create table audit_checkpoint (
    tenant_id      integer not null,
    id             integer primary key,
    at             integer not null,
    last_record_id integer not null,
    root           blob not null,
    key_id         text not null,
    note           text not null
);
-- Keys that sign checkpoints. The seed is sealed (class log); public keys stay for ever.
create table audit_key (
    tenant_id  integer not null,
    id         integer primary key,
    name       text not null,
    public_key blob not null,
    seed       blob not null,
    created_at integer not null,
    retired_at integer
);
