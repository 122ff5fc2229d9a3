-- What an outside party asked to see of the audit log, and what became of it. The records are fixed
-- when it is asked: their number and a digest over their ids.
create table disclosure_request (
    tenant_id       integer not null,
    id              integer primary key,
    requester       text not null,
    legal_ground    text not null,
    selection       text not null,
    fields          text not null,
    records_count   integer not null,
    records_digest  blob not null,
    approval_id     integer not null,
    state           text not null,
    asked_by        integer not null,
    asked_at        integer not null,
    available_until integer,
    taken_at        integer,
    content_digest  blob,
    version         integer not null
);
