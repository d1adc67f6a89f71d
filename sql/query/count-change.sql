-- Rows of `change`: superseded, whether here or by or of a row of ours; new;
-- changed; those of them whose columns are.
select count(*) filter (where by_line <> line or ours) as superseded,
  count(*) filter (where by_line = line and id is null) as created,
  count(*) filter (where by_line = line and id is not null and not ours) as changed,
  count(*) filter (where by_line = line and id is not null and differs) as to_update
from change
