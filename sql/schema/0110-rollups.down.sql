drop function rollup_count(timestamptz, timestamptz);
drop aggregate rollup_sum(integer[]);
drop function rollup_add(bigint[], integer[]), rollup_time(bigint[], double precision),
  rollup_class(double precision);
drop table rollups;
