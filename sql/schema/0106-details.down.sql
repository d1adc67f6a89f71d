drop index products_barcode;
drop function details_with, details_match;
alter table import_changes drop details;
alter table products drop details;
