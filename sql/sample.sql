-- Twenty products with stock, for a first look: make run loads them once.
insert into products (sku, name, description, category, price, reorder_level)
values
  ('TEE-BLK-S', 'T-shirt, black, S', 'Organic cotton', 'Clothing', 19.90, null),
  ('TEE-BLK-M', 'T-shirt, black, M', 'Organic cotton', 'Clothing', 19.90, null),
  ('TEE-BLK-L', 'T-shirt, black, L', 'Organic cotton', 'Clothing', 19.90, null),
  ('HOODIE-GRY-M', 'Hoodie, grey, M', 'Brushed inside', 'Clothing', 49.00, 5),
  ('HOODIE-GRY-L', 'Hoodie, grey, L', 'Brushed inside', 'Clothing', 49.00, 5),
  ('SOCK-WOOL-42', 'Wool socks, 42', 'A pair', 'Clothing', 12.50, 20),
  ('CAP-NAVY', 'Cap, navy', null, 'Clothing', 17.00, null),
  ('MUG-WHT', 'Mug, white', 'Holds 0.3 l', 'Kitchen', 9.90, 25),
  ('MUG-BLU', 'Mug, blue', 'Holds 0.3 l', 'Kitchen', 9.90, 25),
  ('KETTLE-1L', 'Kettle, 1 l', 'Steel, with a whistle', 'Kitchen', 39.00, 3),
  ('TEA-SENCHA-100', 'Sencha, 100 g', 'From Shizuoka', 'Food', 14.20, null),
  ('TEA-EARLGREY-100', 'Earl Grey, 100 g', 'With bergamot', 'Food', 8.80, null),
  ('COFFEE-ESP-1KG', 'Espresso beans, 1 kg', 'Dark roast', 'Food', 22.00, 15),
  ('CHOC-70', 'Chocolate, 70 %', '85 g', 'Food', 4.50, 40),
  ('NOTE-A5', 'Notebook, A5', 'Dotted, 120 pages', 'Paper', 11.00, null),
  ('PEN-GEL-BLK', 'Gel pen, black', '0.5 mm', 'Paper', 2.40, 50),
  ('LAMP-DESK', 'Desk lamp', 'Dimmable', 'Home', 64.00, 4),
  ('CANDLE-BEES', 'Beeswax candle', 'Burns 30 h', 'Home', 13.90, null),
  ('PLANT-MONST', 'Monstera', 'In a 15 cm pot', 'Home', 29.00, 2),
  ('BAG-TOTE', 'Tote bag', 'Canvas', 'Home', 15.00, null)
on conflict do nothing;

select count(stock_adjust(p.id, s.quantity, true, 'sample data', 'make run', 10)) as stocked
from (values
  ('TEE-BLK-S', 40), ('TEE-BLK-M', 60), ('TEE-BLK-L', 35), ('HOODIE-GRY-M', 18),
  ('HOODIE-GRY-L', 6), ('SOCK-WOOL-42', 80), ('CAP-NAVY', 25), ('MUG-WHT', 120), ('MUG-BLU', 26),
  ('KETTLE-1L', 9), ('TEA-SENCHA-100', 45), ('TEA-EARLGREY-100', 52), ('COFFEE-ESP-1KG', 30),
  ('CHOC-70', 200), ('NOTE-A5', 75), ('PEN-GEL-BLK', 300), ('LAMP-DESK', 5), ('CANDLE-BEES', 11),
  ('PLANT-MONST', 3), ('BAG-TOTE', 0)
) as s(sku, quantity)
join products p on p.sku = s.sku and p.deleted_at is null
where not exists (select from stock k where k.product_id = p.id);
