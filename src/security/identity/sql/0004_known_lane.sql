-- How a session was opened, when its owner last proved herself, and in which browser.
alter table staff_session add column method text not null default 'password';
alter table staff_session add column verified_at integer not null default 0;
alter table staff_session add column device_id integer;
-- Browsers that an account was used in: their failures are counted apart from strangers'.
create table known_device (
    tenant_id    integer not null,
    id           integer primary key,
    account_id   integer not null,
    device_id    integer not null,
    created_at   integer not null,
    last_used_at integer not null,
    address      text not null,
    user_agent   text not null,
    revoked_at   integer
);
create unique index known_device_account on known_device (tenant_id, account_id, device_id);
-- What strangers did wrong with an account; the id is the account's. Survives a restart.
create table sign_in_lock (
    tenant_id       integer not null,
    id              integer primary key,
    window_began_at integer not null,
    failures        integer not null,
    level           integer not null,
    level_at        integer not null,
    locked_until    integer not null,
    consecutive     integer not null
);
