-- How many crossings are still to be told of.
select count(*) from stock where alert_due
