-- Queues of the broker that a merchant's own programs read. Every event up to `position` is dealt
-- with: delivered, not wanted, or kept as a parcel. `turn` counts how often that was set by hand.
create table event_destination (
    tenant_id    integer not null,
    id           integer primary key,
    name         text not null,
    patterns     text not null,
    node_id      integer not null,
    org_path     text not null,
    active       integer not null,
    position     integer not null,
    turn         integer not null,
    attempts     integer not null,
    next_at      integer not null,
    delivered_id integer not null,
    delivered_at integer,
    failed_at    integer,
    words        text not null,
    created_at   integer not null,
    version      integer not null
);
-- Copies of events that did not arrive at their first try: `waiting` for the next one, `held` behind
-- an earlier one of their subject, or `dead`.
create table event_parcel (
    tenant_id      integer not null,
    id             integer primary key,
    destination_id integer not null,
    event_id       integer not null,
    name           text not null,
    org_path       text not null,
    permission     text not null,
    payload        text not null,
    at             integer not null,
    subject        text not null,
    state          text not null,
    attempts       integer not null,
    next_at        integer not null,
    parked_at      integer not null,
    words          text not null
);
create unique index event_parcel_once on event_parcel (tenant_id, destination_id, event_id);
create index event_parcel_due on event_parcel (tenant_id, destination_id, state, next_at);
create index event_parcel_subject on event_parcel (tenant_id, destination_id, subject, event_id);
