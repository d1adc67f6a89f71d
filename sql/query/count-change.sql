-- Rows of `change`: superseded, whether here or by or of a row of ours; new;
-- changed; those of them whose columns are; those whose SKU is not known, which
-- are not new with $1 or without a name; with $2, those that would be changed, which are
-- not then.
select count(*) filter (where (by_line <> line or ours) and not (($1::boolean or nameless) and id is null)) as superseded,
  count(*) filter (where by_line = line and id is null and not ($1 or nameless)) as created,
  count(*) filter (where by_line = line and id is not null and not ours and not $2::boolean) as changed,
  count(*) filter (where by_line = line and id is not null and differs and (ours or not $2)) as to_update,
  count(*) filter (where ($1 or nameless) and id is null) as unknown,
  count(*) filter (where $2 and by_line = line and id is not null and not ours) as known
from change
