-- Records are only ever added. The id is time-ordered, so it serves as the order and the time index;
-- there is no other index, because every one would be written with every act.
create table audit_record (
    tenant_id     integer not null,
    id            integer primary key,
    kind          text not null,
    at            integer not null,
    actor_kind    text not null,
    actor_id      integer not null,
    actor_name    blob,
    action        text not null,
    subject_kind  text not null,
    subject_id    text not null,
    subject_label text not null,
    org_path      text not null,
    route         text not null,
    address       text not null,
    trace         text not null,
    status        integer not null,
    fields        blob not null,
    leaf_hash     blob not null
);
