drop function upload_is_held(bigint);
drop function upload_claim(text);
drop table upload_rejects, upload_pieces, uploads;
