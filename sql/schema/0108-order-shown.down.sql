drop view order_shown;
