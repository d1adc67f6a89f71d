-- Sets the stock of the products of `incoming` that were there before to the quantity of their last
-- line, where it has one (where the line says what it was, by the difference, but not below 0; where it says when
-- it was counted, with what was sold, put back or added since by the ledger), and the
-- level of each to what that and the threshold now make it, by one update of each, so that only a crossing
-- from what was before to what is after is told. What moved between the statement's view and the lock is not in
-- the ledger's sum, but in the stock. Locks in the order in which workers do; each
-- move has its row in the ledger. $1 is LOW_STOCK_THRESHOLD, $2 who did it; $3: the
-- quantities of all lines of a product are added up; products from above the id $4 on that this import
-- made have their stock already; $5: the import, $6 its part, which keeps the moves.
with last as (
  select distinct on (p.id) p.id, i.line,
    case when $3::boolean then sum(i.quantity) over (partition by p.id) else i.quantity end as quantity,
    case when $3::boolean then sum(i.was) over (partition by p.id) else i.was end as was,
    i.counted, coalesce(p.reorder_level, $1::int) as threshold
  from incoming i
  join products p on lower(p.sku) = lower(i.sku) and p.deleted_at is null
  where not (p.id > $4::bigint and p.created_at = now())
  order by p.id, i.line desc
), locked as (
  select l.id, l.line, s.on_hand as before, seen.on_hand as seen, l.threshold,
    coalesce(l.quantity, s.on_hand) as wanted,
    case when l.quantity is not null then l.was end as was,
    case when l.quantity is not null then l.counted end as counted
  from last l
  join stock s on s.product_id = l.id
  join stock seen on seen.product_id = l.id
  where l.quantity is not null or s.level <> stock_level(s.on_hand, l.threshold)
  order by l.id
  for no key update of s
), aimed as (
  select k.id, k.line, k.before, a.quantity, stock_level(a.quantity, k.threshold) as level,
    k.counted is not null and k.was is null as counts
  from locked k,
    lateral (select case when k.was is not null then k.before - k.was when k.counted is null then 0
      else k.before - k.seen + (select coalesce(sum(l.delta), 0) from ledger l
                                where l.product_id = k.id and l.created_at > k.counted
                                  and l.reason not in ('set', 'count', 'import')) end as since) m,
    lateral (select least(greatest(k.wanted + m.since, 0), 2147483647)::integer as quantity) a
), moved as (
  update stock s
  set on_hand = l.quantity, level = l.level,
    updated_at = case when s.on_hand <> l.quantity then now() else s.updated_at end,
    alert_due = l.level <> 'ok' and (s.alert_due or s.level = 'ok' or l.level = 'out' and s.level = 'low')
  from aimed l
  where s.product_id = l.id and (s.on_hand <> l.quantity or s.level <> l.level)
  returning s.product_id, l.line, l.quantity - l.before as delta, l.quantity as balance, l.counts
), kept as (
  insert into import_changes (import_id, part, line, product_id, mask, stock)
  select $5::bigint, $6::int, line, product_id, 0, delta from moved where delta <> 0
)
insert into ledger (product_id, delta, balance, reason, actor)
select product_id, delta, balance, case when counts then 'count' else 'import' end, $2::text from moved where delta <> 0
