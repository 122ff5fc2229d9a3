-- What a person's sign-ins have in common. The value is sealed: where somebody usually is says much
-- about her.
create table sign_in_habit (
    tenant_id    integer not null,
    id           integer primary key,
    account_id   integer not null,
    trait        text not null,
    value        blob,
    weight_milli integer not null,
    days_count   integer not null,
    last_day     integer not null,
    last_at      integer not null
);
create index sign_in_habit_account on sign_in_habit (tenant_id, account_id);
-- Every attempt to sign in that was looked at, the newest last; account_id 0: nobody has that name.
create table sign_in_entry (
    tenant_id    integer not null,
    id           integer primary key,
    account_id   integer not null,
    at           integer not null,
    result       text not null,
    reason       text not null,
    method       text not null,
    address      text not null,
    network      text not null,
    place        text not null,
    user_agent   text not null,
    known_device integer not null,
    score        integer not null,
    risks        text not null
);
-- Attacks seen in the stream of attempts.
create table sign_in_attack (
    tenant_id      integer not null,
    id             integer primary key,
    at             integer not null,
    attack         text not null,
    subject        text not null,
    attempts_count integer not null,
    accounts_count integer not null,
    sources_count  integer not null
);
-- Accounts that were suspended because their owner, or who had her session, kept trying what she may
-- not do. The id is the account's.
create table account_lock (
    tenant_id      integer not null,
    id             integer primary key,
    locked_at      integer not null,
    refusals_count integer not null,
    route          text not null,
    address        text not null
);
