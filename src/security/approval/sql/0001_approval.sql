-- What somebody asked for and others have to agree to. `steps` are those of the day it was asked.
create table approval_request (
    tenant_id     integer not null,
    id            integer primary key,
    kind          text not null,
    subject_kind  text not null,
    subject_id    text not null,
    subject_label text not null,
    org_path      text not null,
    facts         text not null,
    reason        text not null,
    steps         text not null,
    state         text not null,
    asked_by      integer not null,
    asked_at      integer not null,
    expires_at    integer not null,
    closed_at     integer,
    version       integer not null
);
create index approval_request_state on approval_request (tenant_id, state, expires_at);
create index approval_request_asked on approval_request (tenant_id, asked_by, id);
-- One vote of a person in a request, in whichever step.
create table approval_vote (
    tenant_id  integer not null,
    id         integer primary key,
    request_id integer not null,
    step       integer not null,
    voter      integer not null,
    verdict    text not null,
    reason     text not null,
    at         integer not null,
    lapsed_at  integer
);
create unique index approval_vote_once on approval_vote (tenant_id, request_id, voter);
