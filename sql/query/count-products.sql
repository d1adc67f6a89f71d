-- How many products there are.
select count(*) from products where deleted_at is null
