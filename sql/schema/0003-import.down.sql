alter table products reset (fillfactor);
