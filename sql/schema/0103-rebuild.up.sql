-- What a rebuild asks of each order: whether all its payloads are here, and whether a line of it was
-- passed over for its product, under a SKU that counts in another line.
create function rebuild_whole(o orders) returns boolean
language sql stable parallel safe
return exists (select from payloads p where p.order_id = o.id)
  and not exists (select from payloads p where p.order_id = o.id and p.body is null);

create function rebuild_apart(o orders) returns boolean
language sql stable parallel safe
return exists (
  select from order_items i
  where i.order_id = o.id and i.skip in ('custom', 'not_shipped', 'not_stocked') and i.sku is not null
    and exists (select from order_items j where lower(j.sku) = lower(i.sku) and j.skip is null offset 0));
