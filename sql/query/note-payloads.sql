-- Records that payloads older than $1 days were pruned.
insert into retention as r (table_name, pruned_before)
values ('payloads', now() - make_interval(days => $1::int))
on conflict (table_name) do update set pruned_before = greatest(r.pruned_before, excluded.pruned_before)
