-- What became of all attempts at each webhook, of the $1 that were made first: id, delivered, to be tried again,
-- given up, milliseconds that they took.
select w.id, coalesce(c.delivered, 0), coalesce(c.retried, 0), coalesce(c.given_up, 0), coalesce(c.ms, 0)
from (select id from webhooks where deleted_at is null order by id limit $1::int) w
left join lateral (
  select sum(delivered)::bigint as delivered, sum(retried)::bigint as retried, sum(given_up)::bigint as given_up,
    sum(ms)::bigint as ms
  from webhook_counts where webhook_id = w.id
) c on true
order by w.id
