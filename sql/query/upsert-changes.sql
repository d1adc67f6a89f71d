-- Refunds, edits and returns of known orders, one element each; those that are as they were are not written.
insert into order_changes as k (order_id, kind, external_id, line_id, source_id, removed, restocked, at,
  returned, unshipped, listed, first, return_id)
select u.order_id, u.kind, u.external_id, u.line_id, nullif(u.source_id, 0), u.removed, u.restocked,
  'epoch'::timestamptz + u.at_us * interval '1 microsecond', u.returned, u.unshipped, u.listed, u.first,
  nullif(u.return_id, 0)
from unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::int[], $7::int[],
  $8::bigint[], $9::boolean[], $10::boolean[], $11::boolean[], $12::boolean[], $13::bigint[])
  as u(order_id, kind, external_id, line_id, source_id, removed, restocked, at_us, returned, unshipped,
    listed, first, return_id)
on conflict (order_id, kind, external_id, line_id) do update
set listed = excluded.listed, first = excluded.first, removed = excluded.removed,
  restocked = excluded.restocked
where (k.listed, k.first, k.removed, k.restocked)
  <> (excluded.listed, excluded.first, excluded.removed, excluded.restocked)
