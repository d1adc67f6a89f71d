-- Piece $2 of the rejects of the upload $1, in hex.
select encode(body, 'hex') from upload_rejects where upload_id = $1::bigint and n = $2::int
