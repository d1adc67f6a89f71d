-- What became of the attempts at each webhook, ever ascending. Several rows a webhook, of which a sender adds
-- to one that no other has locked: nobody waits for another, and so there is no deadlock.
create table webhook_counts (
  id          bigint generated always as identity primary key,
  webhook_id  bigint not null,
  delivered   bigint not null default 0,
  retried     bigint not null default 0, -- failed, and to be tried again
  given_up    bigint not null default 0,
  ms          bigint not null default 0  -- that all of them took
) with (fillfactor = 50);
create index webhook_counts_webhook on webhook_counts (webhook_id, id);
