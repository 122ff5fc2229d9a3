-- Wrapped data keys; worth nothing without the root key, which is not in this file.
create table tenant_key (
    tenant_id   integer not null,
    key_id      integer not null,
    purpose     text not null,
    key_version integer not null,
    state       text not null,
    wrapped     blob not null,
    primary key (tenant_id, key_id)
) without rowid;
