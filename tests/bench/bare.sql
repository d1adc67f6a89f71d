-- What tests/bench/bare.c calls: an insert and a read by primary key.
create table bare (id bigint generated always as identity primary key, doc text not null);
create function bare_store(doc text) returns bigint language sql
begin atomic
  insert into bare (doc) values (doc) returning id;
end;
