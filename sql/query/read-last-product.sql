-- An id that every product inserted from now on is above.
select last_value - (not is_called)::int from products_id_seq
