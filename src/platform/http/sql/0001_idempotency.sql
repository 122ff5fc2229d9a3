-- Answers of requests that carried an Idempotency-Key. The id is made of the caller, the route and the
-- key, so that finding one is a single look-up. Rows are forgotten after 24 hours.
create table idempotency (
    tenant_id    integer not null,
    id           integer primary key,
    request_hash blob not null,
    status       integer not null,
    body         text not null,
    at           integer not null
);
