-- Single-use links; used_at is set by the conditional update that redeems one.
create table sign_in_link (
    tenant_id  integer not null,
    id         integer primary key,
    token_hash blob not null,
    account_id integer not null,
    expires_at integer not null,
    used_at    integer,
    made_by    integer not null
);
create unique index sign_in_link_token on sign_in_link (tenant_id, token_hash);
create index sign_in_link_account on sign_in_link (tenant_id, account_id);
