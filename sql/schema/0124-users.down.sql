drop table sign_in_codes;
-- Without passwords users would be tokens that nobody has.
delete from tokens where password is not null;
alter table tokens drop column password;
