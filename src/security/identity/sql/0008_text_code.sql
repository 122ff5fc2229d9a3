-- Codes that were asked for by text message, also for phones that nobody here has (account_id 0): so
-- that asking costs and tells the same. Kept for a day, for the limits per phone.
create table text_code (
    tenant_id  integer not null,
    id         integer primary key,
    token_hash blob not null,
    purpose    text not null,
    account_id integer not null,
    phone_mark blob not null,
    code_mark  blob not null,
    created_at integer not null,
    expires_at integer not null,
    tries      integer not null,
    used_at    integer
);
create unique index text_code_token on text_code (tenant_id, token_hash);
create index text_code_phone on text_code (tenant_id, phone_mark, created_at);
create index text_code_age on text_code (tenant_id, created_at);
