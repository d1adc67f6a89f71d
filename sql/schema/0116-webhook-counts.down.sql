drop table webhook_counts;
