-- Who may sign in. The name is sealed; the password is an Argon2id hash in PHC form, or null as long
-- as only a link was used.
create table staff_account (
    tenant_id       integer not null,
    id              integer primary key,
    login_name      text not null,
    password_hash   text,
    password_set_at integer,
    state           text not null,
    name            blob,
    last_sign_in_at integer,
    version         integer not null
);
create unique index staff_account_login on staff_account (tenant_id, login_name);
