alter table feeds drop column refused, drop column refused_at;
