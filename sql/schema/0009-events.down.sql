drop index ledger_by_hand;
