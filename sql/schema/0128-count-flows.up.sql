-- A count is moved by what was sold, put back or added since; not by what others said since that there is, by a
-- set, a count or an import.
create or replace function stock_change(
  wanted bigint, units integer, p_reason text, counted_at timestamptz, p_note text, p_actor text, threshold integer,
  out r_on_hand integer, out r_delta integer
)
language plpgsql as $$
declare
  level_at integer;
  since bigint := 0;
begin
  select coalesce(p.reorder_level, threshold) into level_at
  from products p where p.id = wanted and p.deleted_at is null;
  if not found then
    return;
  end if;
  insert into stock (product_id, on_hand, level) values (wanted, 0, 'out') on conflict do nothing;
  select s.on_hand into r_on_hand from stock s where s.product_id = wanted for no key update;
  if counted_at is not null then
    select coalesce(sum(l.delta), 0) into since
    from ledger l where l.product_id = wanted and l.created_at > counted_at
      and l.reason not in ('set', 'count', 'import');
  end if;
  r_delta := case when p_reason = 'add' then units else units + since - r_on_hand end;
  r_on_hand := r_on_hand + r_delta;
  update stock s
  set on_hand = r_on_hand, level = stock_level(r_on_hand, level_at),
    updated_at = case when r_delta = 0 then s.updated_at else now() end,
    alert_due = stock_level(r_on_hand, level_at) <> 'ok'
      and (s.alert_due or (r_delta < 0 and s.level <> stock_level(r_on_hand, level_at)))
  where s.product_id = wanted;
  if r_delta <> 0 then
    insert into ledger (product_id, delta, balance, reason, note, actor)
    values (wanted, r_delta, r_on_hand, p_reason, p_note, p_actor);
  end if;
end
$$;
