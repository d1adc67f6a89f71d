-- What loading half a million products at once wants: room on the page for the
-- new version of a row, so that a changed product needs no new index entries.

alter table products set (fillfactor = 50);
