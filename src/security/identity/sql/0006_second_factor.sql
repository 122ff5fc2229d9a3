-- Authenticator apps. The id is the account's; the secret is sealed. last_step is the newest step of
-- time whose code was taken, so that no code works twice. confirmed_at null: not switched on yet.
create table totp_factor (
    tenant_id    integer not null,
    id           integer primary key,
    secret       blob,
    created_at   integer not null,
    confirmed_at integer,
    last_step    integer not null
);
-- Codes for the day the phone is lost; only their HMAC is kept, each works once.
create table recovery_code (
    tenant_id  integer not null,
    id         integer primary key,
    account_id integer not null,
    code_mark  blob not null,
    created_at integer not null,
    used_at    integer
);
create unique index recovery_code_mark on recovery_code (tenant_id, account_id, code_mark);
-- Sign-ins whose first step is done and whose second is awaited; a few minutes, a few tries.
create table sign_in_flow (
    tenant_id  integer not null,
    id         integer primary key,
    token_hash blob not null,
    account_id integer not null,
    method     text not null,
    created_at integer not null,
    expires_at integer not null,
    tries      integer not null,
    used_at    integer
);
create unique index sign_in_flow_token on sign_in_flow (tenant_id, token_hash);
create index sign_in_flow_account on sign_in_flow (tenant_id, account_id);
-- What was tried with an account, for its owner to look at.
create table sign_in_record (
    tenant_id    integer not null,
    id           integer primary key,
    account_id   integer not null,
    at           integer not null,
    result       text not null,
    method       text not null,
    address      text not null,
    user_agent   text not null,
    known_device integer not null
);
create index sign_in_record_account on sign_in_record (tenant_id, account_id, id);
