-- Old records in bundles; the id is the index of their tile of leaves. content is sealed (class log) and
-- compressed; where a record's values were erased by law it is written anew.
create table audit_archive (
    tenant_id     integer not null,
    id            integer primary key,
    first_id      integer not null,
    last_id       integer not null,
    last_at       integer not null,
    records_count integer not null,
    content       blob not null
);
create index audit_archive_first on audit_archive (tenant_id, first_id);
