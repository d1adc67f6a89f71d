drop function trace_hex(text, text);
drop table traces;
