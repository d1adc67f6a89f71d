drop table intake_seen, intake_alarms;
