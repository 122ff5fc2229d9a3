-- The processes that share this database, and which of them works for which tenant. Whoever looks for
-- what changed asks for the numbers behind the last it has seen.
create table node (
    id integer primary key,
    name text not null,
    address text not null,
    version text not null,
    instance text not null,
    lease_until integer not null,
    beat_at integer not null,
    leaving integer not null
);
create unique index node_name on node (name);
create table control_change (
    id integer primary key,
    number integer not null
);
insert into control_change (id, number) values (1, 0);
insert into control_change (id, number) values (2, 0);
alter table tenant_place add column owner integer not null default 0;
alter table tenant_place add column wanted_by integer not null default 0;
alter table tenant_place add column change_number integer not null default 0;
create index tenant_place_change on tenant_place (change_number);
