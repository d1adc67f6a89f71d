-- For the event stream: the newest changes of stock that people made.
create index ledger_by_hand on ledger (id) where reason in ('set', 'add');
