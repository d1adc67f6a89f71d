-- Deletes the minutes after three days and the hours after 400.
delete from rollups
where minutes = 1 and at < now() - interval '3 days' or minutes = 60 and at < now() - interval '400 days'
