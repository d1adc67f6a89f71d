drop function commit_waits();
