-- Keys of applications. Only the hash of a key is kept; its permissions and its place are its own and do
-- not follow whoever made it.
create table app_key (
    tenant_id    integer not null,
    id           integer primary key,
    name         text not null,
    prefix       text not null,
    secret_hash  blob not null,
    state        text not null,
    permissions  text not null,
    node_path    text not null,
    created_by   integer not null,
    last_used_at integer,
    created_at   integer not null,
    version      integer not null
);
