drop function webhook_old_secrets(webhooks);
drop table old_secrets;
alter table webhooks drop column paused, drop column retry_for;
