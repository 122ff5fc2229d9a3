create table category (
    tenant_id integer not null,
    id        integer primary key,
    name      text not null,
    sort      integer not null,
    version   integer not null
);
create unique index category_by_name on category (tenant_id, name);

-- required_groups repeats how many modifier groups have min > 0, so that an order sees with the spec
-- whether a choice is missing, without reading the groups.
create table product (
    tenant_id       integer not null,
    id              integer primary key,
    code            text not null,
    name            text not null,
    category_id     integer not null,
    description     text not null,
    image_url       text,
    state           text not null,
    required_groups integer not null,
    version         integer not null
);
create unique index product_by_code on product (tenant_id, code);
create index product_by_category on product (tenant_id, category_id);

create table product_spec (
    tenant_id  integer not null,
    id         integer primary key,
    product_id integer not null,
    code       text not null,
    name       text not null,
    price_fen  integer not null,
    sort       integer not null,
    state      text not null
);
create unique index product_spec_by_code on product_spec (tenant_id, code);
create index product_spec_by_product on product_spec (tenant_id, product_id);

create table modifier_group (
    tenant_id  integer not null,
    id         integer primary key,
    product_id integer not null,
    name       text not null,
    kind       text not null,
    choose_min integer not null,
    choose_max integer not null,
    sort       integer not null
);
create index modifier_group_by_product on modifier_group (tenant_id, product_id);

create table modifier_option (
    tenant_id   integer not null,
    id          integer primary key,
    group_id    integer not null,
    product_id  integer not null,
    name        text not null,
    price_fen   integer not null,
    preselected integer not null,
    available   integer not null,
    sort        integer not null
);
create index modifier_option_by_product on modifier_option (tenant_id, product_id);

-- Only where a store differs. remaining is changed by conditional updates alone.
create table store_spec (
    tenant_id integer not null,
    store_id  integer not null,
    spec_id   integer not null,
    price_fen integer,
    available integer not null,
    remaining integer,
    primary key (tenant_id, store_id, spec_id)
) without rowid;
