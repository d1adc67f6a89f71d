drop function order_traceparent(bigint, text, text, text);
drop table order_traces;
