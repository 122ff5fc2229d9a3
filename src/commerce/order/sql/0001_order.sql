-- org_path repeats the node of the store, for data scopes. placed_by_name is kept because who stood at
-- the till is part of the order, also when the account is gone.
create table order_head (
    tenant_id        integer not null,
    id               integer primary key,
    number           text not null,
    store_id         integer not null,
    org_path         text not null,
    mode             text not null,
    payment_state    text not null,
    production_state text not null,
    fulfilment_state text not null,
    business_day     integer not null,
    pick_up_number   text not null,
    member_id        integer,
    placed_by_kind   text not null,
    placed_by_id     integer not null,
    placed_by_name   blob,
    gross_fen        integer not null,
    discount_fen     integer not null,
    total_fen        integer not null,
    refunded_fen     integer not null,
    lines_count      integer not null,
    items_count      integer not null,
    remark           text not null,
    placed_at        integer not null,
    external_ref     text,
    version          integer not null
);
create index order_head_by_store_day on order_head (tenant_id, store_id, business_day);
create index order_head_by_member on order_head (tenant_id, member_id)
    where member_id is not null;
create unique index order_head_by_external_ref on order_head (tenant_id, external_ref)
    where external_ref is not null;

-- Keyed by their order: read together, written together, no second index.
create table order_line (
    tenant_id    integer not null,
    order_id     integer not null,
    id           integer not null,
    product_id   integer not null,
    spec_id      integer not null,
    product_name text not null,
    spec_name    text not null,
    options      text not null,
    quantity     integer not null,
    unit_fen     integer not null,
    gross_fen    integer not null,
    discount_fen integer not null,
    net_fen      integer not null,
    counted      integer not null,
    remark       text not null,
    primary key (tenant_id, order_id, id)
) without rowid;

create table payment (
    tenant_id  integer not null,
    order_id   integer not null,
    id         integer not null,
    tender     text not null,
    reference  text not null,
    amount_fen integer not null,
    paid_at    integer not null,
    primary key (tenant_id, order_id, id)
) without rowid;

-- Keyed by store and day of the refund, as the reports ask; few enough for a second index.
create table refund (
    tenant_id    integer not null,
    id           integer primary key,
    order_id     integer not null,
    store_id     integer not null,
    business_day integer not null,
    amount_fen   integer not null,
    reason       text not null,
    by_kind      text not null,
    by_id        integer not null,
    by_name      blob,
    at           integer not null
);
create index refund_by_store_day on refund (tenant_id, store_id, business_day);
create index refund_by_order on refund (tenant_id, order_id);

create table refund_line (
    tenant_id    integer not null,
    refund_id    integer not null,
    line_id      integer not null,
    product_id   integer not null,
    product_name text not null,
    quantity     integer not null,
    amount_fen   integer not null,
    primary key (tenant_id, refund_id, line_id)
) without rowid;

-- What happened to an order after it was placed and paid.
create table order_event (
    tenant_id  integer not null,
    id         integer primary key,
    order_id   integer not null,
    at         integer not null,
    action     text not null,
    actor_kind text not null,
    actor_id   integer not null,
    actor_name blob
);
create index order_event_by_order on order_event (tenant_id, order_id);

create table pick_up_counter (
    tenant_id    integer not null,
    store_id     integer not null,
    business_day integer not null,
    last         integer not null,
    primary key (tenant_id, store_id, business_day)
) without rowid;
