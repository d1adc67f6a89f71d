drop table webhook_alarms;
