-- What a reference of another system stands for here. ref = "<source>:<reference>"; a member's is keyed
-- (HMAC), because some systems call a member by her phone. digest: keyed, of what was imported last, so
-- that a changed source is told from an unchanged one without reading the records.
create table import_ref (
    tenant_id integer not null,
    kind      text not null,
    ref       text not null,
    target_id integer not null,
    digest    integer not null,
    primary key (tenant_id, kind, ref)
) without rowid;

-- How far a file of that content was applied under that mapping: written in the transaction of the
-- batch, so that an import goes on behind its last commit.
create table import_cursor (
    tenant_id      integer not null,
    mapping_digest text not null,
    file           text not null,
    content_digest text not null,
    line           integer not null,
    finished       integer not null,
    updated_at     integer not null,
    primary key (tenant_id, mapping_digest, file)
) without rowid;
