-- Live sessions; ended and expired ones of an account are deleted when it signs in again. Only hashes
-- of tokens are kept.
create table staff_session (
    tenant_id    integer not null,
    id           integer primary key,
    token_hash   blob not null,
    account_id   integer not null,
    created_at   integer not null,
    last_seen_at integer not null,
    expires_at   integer not null,
    address      text not null,
    user_agent   text not null,
    from_link    integer not null,
    ended_at     integer
);
create unique index staff_session_token on staff_session (tenant_id, token_hash);
create index staff_session_account on staff_session (tenant_id, account_id);
