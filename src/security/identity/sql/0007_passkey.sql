-- Passkeys: what they are called, for which site they were made and how their answers are checked.
-- user_handle is what an account is called towards authenticators: random, the same in its rows.
-- doubted_at: its counter went back, so there are two of it; it opens nothing any more.
create table passkey (
    tenant_id     integer not null,
    id            integer primary key,
    account_id    integer not null,
    credential_id blob not null,
    user_handle   text not null,
    site          text not null,
    algorithm     integer not null,
    public_key    blob not null,
    counter       integer not null,
    backed_up     integer not null,
    name          text not null,
    created_at    integer not null,
    last_used_at  integer,
    doubted_at    integer
);
create unique index passkey_credential on passkey (tenant_id, credential_id);
create index passkey_account on passkey (tenant_id, account_id);
