-- The durable record of what happened, for subscribers and for listeners that come back. Ids are
-- time-ordered; rows are forgotten after the retention period.
create table outbox (
    tenant_id  integer not null,
    id         integer primary key,
    name       text not null,
    org_path   text not null,
    permission text not null,
    payload    text not null,
    at         integer not null
);
