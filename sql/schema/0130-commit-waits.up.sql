-- Makes the commit of this transaction wait for the synchronous standbys, if there are any, though it
-- may have read only: what was read may be on this server alone, if who wrote it was cancelled in its
-- wait, or was told nothing since the server crashed meanwhile. A commit waits where something was
-- written to the log; a message there is the least that can be.
create function commit_waits() returns boolean
language sql volatile
as $$
  select case when current_setting('synchronous_standby_names') <> ''
    then pg_logical_emit_message(true, 'fulfil', '') is not null else false end
$$;
