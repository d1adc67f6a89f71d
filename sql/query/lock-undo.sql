-- Lets no import run beside the undo of one; false if one does.
select pg_try_advisory_xact_lock(7103223)
