drop index products_deleted;
create index products_deleted on products (id) where deleted_at is not null;
drop function product_matches, text_matches;
