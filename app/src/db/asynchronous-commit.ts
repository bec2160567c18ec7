/**
 * Lets the transaction of a statement commit asynchronously, as an item of its FROM clause. A crash may lose such a commit: use it only
 * where the work is then done again, and may be.
 *
 * @see https://www.postgresql.org/docs/17/wal-async-commit.html
 */
export const asynchronousCommit = `set_config('synchronous_commit', 'off', true)`;
