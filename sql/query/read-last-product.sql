-- An id that no product inserted from now on is below or at.
select last_value - (not is_called)::int from products_id_seq
