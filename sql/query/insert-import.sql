-- A new import of the task $1 (null: none), which makes products with ids above $2; returns its id.
insert into imports (task_id, first_product) values ($1::text, $2::bigint) returning id
