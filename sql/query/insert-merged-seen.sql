-- Keeps the SKUs of what is merged, before rows with other columns.
insert into seen (key) select lower(sku) from incoming
