-- The status of an order as it is shown. Processing is shown, never stored: the row of a due order is
-- locked by a transaction that runs, which is one that the snapshot does not see the end of. locked_by is
-- the row's xmax; its higher half is that of the snapshot's nearest transaction. One expression, so that
-- the planner puts it in the place of the call.
create function order_status(status text, next_attempt_at timestamptz, locked_by xid) returns text
language sql stable parallel safe
return case
  when status = 'pending' and next_attempt_at <= now() and locked_by <> '0'
    and not pg_visible_in_snapshot((pg_snapshot_xmax(pg_current_snapshot())::text::bigint + 2147483648
      - (pg_snapshot_xmax(pg_current_snapshot())::text::bigint - locked_by::text::bigint + 2147483648)
        % 4294967296)::text::xid8, pg_current_snapshot())
  then 'processing' else status end;
