-- Products with the SKUs $1 and more than anybody orders, in the empty database of a rebuild.
with made as (
  insert into products (sku, name)
  select g.sku, g.sku from unnest($1::text[]) as g(sku)
  returning id
)
insert into stock (product_id, on_hand, opening)
select id, 1000000000, 1000000000 from made
