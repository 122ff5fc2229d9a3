-- Who works where. The account (name, login name, state, password) is identity's; id is the account's.
create table staff (
    tenant_id   integer not null,
    id          integer primary key,
    node_id     integer not null,
    path        text not null,
    phone       blob,
    phone_blind blob,
    version     integer not null,
    created_at  integer not null
);
create index staff_by_path on staff (tenant_id, path);
create unique index staff_by_phone on staff (tenant_id, phone_blind) where phone_blind is not null;
