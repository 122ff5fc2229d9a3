-- What an event is about ("order:…"): events of one subject are delivered in their order.
alter table outbox add column subject text not null default '';
