-- Texts on their way. The content is gone as soon as it was sent or came too late.
create table text_message (
    tenant_id  integer not null,
    id         integer primary key,
    kind       text not null,
    recipient  blob,
    content    blob,
    locale     text not null,
    about      text not null,
    decoy      integer not null,
    state      text not null,
    attempts   integer not null,
    next_at    integer not null,
    expires_at integer not null,
    created_at integer not null,
    done_at    integer,
    reference  text not null,
    words      text not null
);
create index text_message_due on text_message (tenant_id, state, next_at);
-- The development mailbox: what would have been sent.
create table mailbox_message (
    tenant_id  integer not null,
    id         integer primary key,
    kind       text not null,
    recipient  blob,
    content    blob,
    created_at integer not null
);
