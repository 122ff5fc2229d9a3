-- Control database. A row in state 'creating' is not visible and is finished at the next start.
create table tenant (
    id                 integer primary key,
    code               text not null,
    name               text not null,
    state              text not null,
    state_reason       text not null,
    utc_offset_minutes integer not null,
    created_at         integer not null,
    version            integer not null
);
create unique index tenant_code on tenant (code);
