-- Hashes of passwords that an account had, the present one too; as many as the profile remembers.
create table password_history (
    tenant_id     integer not null,
    id            integer primary key,
    account_id    integer not null,
    password_hash text not null,
    set_at        integer not null
);
create index password_history_account on password_history (tenant_id, account_id, id);
