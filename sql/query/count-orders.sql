-- How many orders there are, and how many of each status but completed, which
-- is the rest. The total is one pass over an index; the others are short ones.
select (select count(*) from orders),
  (select count(*) from orders where status = 'pending'),
  (select count(*) from orders where status = 'failed'),
  (select count(*) from orders where status = 'cancelled')
