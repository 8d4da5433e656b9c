/** The server's whole configuration, written anew at every start: what stands here is what runs. */
export const postgresSettings = (socketFolder: string): string => `
# Written by Casefold at every start.
listen_addresses = ''
unix_socket_directories = '${socketFolder.replaceAll("'", "''")}'
unix_socket_permissions = 0700
password_encryption = 'scram-sha-256'
max_connections = 60
superuser_reserved_connections = 2

# Durable before acknowledged.
fsync = on
synchronous_commit = on
full_page_writes = on

# One machine, one small tree of processes: no replication, no helpers that only large servers need.
wal_level = minimal
max_wal_senders = 0
max_logical_replication_workers = 0
max_worker_processes = 4
autovacuum_worker_slots = 2
autovacuum_max_workers = 2
autovacuum_naptime = 10s
default_statistics_target = 30
io_method = sync
shared_buffers = 64MB
work_mem = 8MB
maintenance_work_mem = 64MB
min_wal_size = 64MB
max_wal_size = 512MB
jit = off
timezone = 'UTC'
datestyle = 'ISO, YMD'

# Rows are personal: no statement, parameter or detail reaches the log. Failed statements are told to the client only.
logging_collector = off
log_timezone = 'UTC'
log_min_messages = log
log_min_error_statement = panic
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_error_verbosity = terse
log_statement = none
log_checkpoints = off
log_autovacuum_min_duration = -1
`;

/** The closed folder is the first lock, the password the second. */
export const postgresAccess = 'local all all scram-sha-256\n';
