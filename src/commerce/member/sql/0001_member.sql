create table member (
    tenant_id     integer not null,
    id            integer primary key,
    code          text not null,
    phone         blob,
    phone_blind   blob,
    name          blob,
    email         blob,
    birthday      blob,
    gender        text not null,
    level         text not null,
    home_store_id integer,
    orders_count  integer not null,
    spent_fen     integer not null,
    joined_at     integer not null,
    external_ref  text,
    version       integer not null
);
create unique index member_by_code on member (tenant_id, code);
create unique index member_by_phone on member (tenant_id, phone_blind)
    where phone_blind is not null;
create unique index member_by_external_ref on member (tenant_id, external_ref)
    where external_ref is not null;

-- The last number given to a member code.
create table member_counter (
    tenant_id integer not null,
    kind      text not null,
    last      integer not null,
    primary key (tenant_id, kind)
) without rowid;
