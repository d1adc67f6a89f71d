drop index products_deleted;
drop function utc;
