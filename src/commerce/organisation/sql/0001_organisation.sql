-- The tree. path = labels of four base32 digits, each followed by '/': "0001/0003/". A subtree is the
-- half-open range [path, path + "~"). last_child counts the labels given to children; none is given twice.
create table org_node (
    tenant_id  integer not null,
    id         integer primary key,
    parent_id  integer,
    kind       text not null,
    name       text not null,
    path       text not null,
    depth      integer not null,
    sort       integer not null,
    store_id   integer,
    last_child integer not null,
    version    integer not null
);
create unique index org_node_by_path on org_node (tenant_id, path);

create table store (
    tenant_id     integer not null,
    id            integer primary key,
    node_id       integer not null,
    code          text not null,
    name          text not null,
    address       text not null,
    phone         text not null,
    opening_hours text not null,
    state         text not null,
    path          text not null,
    version       integer not null,
    created_at    integer not null
);
create unique index store_by_code on store (tenant_id, code);
