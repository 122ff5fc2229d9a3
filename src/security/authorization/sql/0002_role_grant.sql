-- Who holds which role where. Grants are replaced as a whole per actor.
create table role_grant (
    tenant_id  integer not null,
    id         integer primary key,
    actor_kind text not null,
    actor_id   integer not null,
    role_id    integer not null,
    node_path  text not null,
    created_at integer not null
);
create index role_grant_actor on role_grant (tenant_id, actor_kind, actor_id);
create index role_grant_role on role_grant (tenant_id, role_id);
