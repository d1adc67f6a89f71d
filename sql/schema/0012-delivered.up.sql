-- How much was delivered of late. Deliveries end about in the order in which they lie, so the small
-- index will do, and who delivers hardly notices it.
create index deliveries_ended on deliveries using brin (ended_at) with (pages_per_range = 16, autosummarize = on);

-- How many deliveries were made since then; it stops at `most`, and never walks the table for it.
create function deliveries_made(since timestamptz, most integer) returns bigint
language sql stable set enable_seqscan = off
begin atomic
  select count(*)
  from (select from deliveries where ended_at > since and state = 'delivered' limit most) d;
end;
