-- Waits until no one else makes or ends deliveries of webhooks that are told in order, if there are any.
select pg_advisory_xact_lock(hashtextextended('lanes', 0)) where exists (select from webhooks where in_order)
