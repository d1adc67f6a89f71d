drop table tokens, ended_sessions;
