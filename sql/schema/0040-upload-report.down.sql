alter table uploads drop column report;
