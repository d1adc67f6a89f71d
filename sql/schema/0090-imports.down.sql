drop table import_changes;
drop table imports;
