-- A grant holds at a subtree without some of its subtrees, or at the stores of a group; from and until a
-- moment. given_by: the account of who gave it, 0 the system. checked_at: when somebody last said that it is
-- to stay, at first when it was given.
alter table role_grant add column except_paths text not null default '';
alter table role_grant add column group_id integer;
alter table role_grant add column valid_from integer;
alter table role_grant add column valid_until integer;
alter table role_grant add column given_by integer not null default 0;
alter table role_grant add column checked_at integer not null default 0;
alter table role_grant add column reviewed_by integer;
update role_grant set checked_at = created_at;
create index role_grant_checked on role_grant (tenant_id, actor_kind, checked_at, id);
create index role_grant_group on role_grant (tenant_id, group_id);
-- Named sets of stores that grants may point to.
create table store_group (
    tenant_id integer not null,
    id        integer primary key,
    name      text not null,
    version   integer not null
);
create unique index store_group_name on store_group (tenant_id, name);
create table store_group_place (
    tenant_id integer not null,
    id        integer primary key,
    group_id  integer not null,
    node_id   integer not null,
    node_path text not null
);
create unique index store_group_place_of_group on store_group_place (tenant_id, group_id, node_id);
-- Two permissions that nobody may hold at the same place.
create table duty_pair (
    tenant_id  integer not null,
    id         integer primary key,
    one        text not null,
    other      text not null,
    created_at integer not null
);
create unique index duty_pair_codes on duty_pair (tenant_id, one, other);
