-- What people are told on the bell. Either side of the receivers may be empty: an account (0: none),
-- a permission with the place it must be held at ('' : anywhere).
create table notice (
    tenant_id   integer not null,
    id          integer primary key,
    kind        text not null,
    severity    text not null,
    parameters  blob,
    account_id  integer not null,
    permission  text not null,
    org_path    text not null,
    link        text not null,
    same_key    text not null,
    told_count  integer not null,
    created_at  integer not null,
    last_at     integer not null
);
create index notice_last on notice (tenant_id, last_at);
create index notice_same on notice (tenant_id, same_key, last_at);
-- Who has read what, and when: told again later, it is new again.
create table notice_read (
    tenant_id  integer not null,
    id         integer primary key,
    account_id integer not null,
    notice_id  integer not null,
    read_at    integer not null
);
create unique index notice_read_once on notice_read (tenant_id, notice_id, account_id);
