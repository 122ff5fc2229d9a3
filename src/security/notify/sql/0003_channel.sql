-- Ways out of the merchant's own: mail addresses and robots of groups. A webhook's address is as good
-- as a password, so it is sealed like one; `shown` is what may be seen of it.
create table notify_channel (
    tenant_id    integer not null,
    id           integer primary key,
    kind         text not null,
    name         text not null,
    address      blob,
    secret       blob,
    shown        text not null,
    locale       text not null,
    severity_min text not null,
    kinds        text not null,
    active       integer not null,
    created_at   integer not null,
    sent_at      integer,
    version      integer not null
);
-- One notice on its way over one channel.
create table delivery (
    tenant_id  integer not null,
    id         integer primary key,
    channel_id integer not null,
    notice_id  integer not null,
    state      text not null,
    attempts   integer not null,
    next_at    integer not null,
    created_at integer not null,
    done_at    integer,
    words      text not null
);
create index delivery_due on delivery (tenant_id, state, next_at);
create index delivery_channel on delivery (tenant_id, channel_id, id);
