import type { ClusterAddress } from './cluster-address.ts';

/** What a crash of the machine may take away: nothing, or everything (tests). */
export type Durability = 'full' | 'none';

/**
 * A Postgres that leaves the machine to others: one application, a few dozen connections, no replication. Without the
 * I/O workers (io_method), the replication launcher and parallel workers, six processes idle in about 20 MB.
 * Passwords are 192 random bits, so hashing them 4,096 times (the default) would only slow each connection down.
 */
export function serverSettings(address: ClusterAddress, durability: Durability): Record<string, string | number> {
  const local = 'socketDirectory' in address;
  return {
    listen_addresses: local ? '' : '127.0.0.1',
    port: local ? 5432 : address.port,
    unix_socket_directories: local ? address.socketDirectory : '',
    unix_socket_permissions: '0700',
    max_connections: 60,
    scram_iterations: 1,
    jit: 'off',
    shared_buffers: '64MB',
    work_mem: '8MB',
    maintenance_work_mem: '64MB',
    io_method: 'sync',
    max_parallel_workers_per_gather: 0,
    max_parallel_maintenance_workers: 0,
    max_worker_processes: 2,
    max_logical_replication_workers: 0,
    wal_level: 'minimal',
    max_wal_senders: 0,
    wal_buffers: '8MB',
    min_wal_size: '64MB',
    max_wal_size: '1GB',
    autovacuum_worker_slots: 2,
    autovacuum_max_workers: 2,
    log_min_messages: 'warning',
    ...(durability === 'none' ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } : {}),
  };
}
