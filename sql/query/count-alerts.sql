-- Counts the crossings that were not reported yet.
select count(*) from stock where alert_due
