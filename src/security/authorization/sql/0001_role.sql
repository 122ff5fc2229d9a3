-- A role is a set of permission codes, separated by spaces; "*" (the owner role) is all there are, also
-- those of later versions.
create table role (
    tenant_id   integer not null,
    id          integer primary key,
    name        text not null,
    built_in    integer not null,
    permissions text not null,
    version     integer not null
);
create unique index role_name on role (tenant_id, name);
