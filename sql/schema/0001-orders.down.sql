drop function stock_adjust, order_cancel, order_retry, order_take_in, order_set_targets,
  order_demand, stock_level;
drop table sign_in_failures, retention, quarantine, payloads, sync_logs, ledger, order_changes, order_items, orders,
  stock, products;
