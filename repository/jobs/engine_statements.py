"""What is said to procrastinate: its own versioned functions, and what this port adds to them."""

from typing import Final

from sqlalchemy import text

DEFER: Final = text(
    "SELECT unnest(procrastinate_defer_jobs_v1(ARRAY[ROW(:kind, :kind, :priority, :lock, :lock, "
    "CAST(:args AS jsonb), NULL)]::procrastinate_job_to_defer_v1[]))"
)
RAISE_WAITING: Final = text(
    "UPDATE procrastinate_jobs SET priority = greatest(priority, :priority) "
    "WHERE queueing_lock = :lock AND status = 'todo' RETURNING id"
)
"""The waiting job of this kind and key; taken by a worker in the same moment it is none."""

FORGET_FAILED: Final = text(
    "DELETE FROM procrastinate_jobs WHERE lock = :lock AND status = 'failed'"
)
"""It is asked for again: the failure is no longer one."""

AHEAD: Final = text(
    "SELECT count(*) FROM (SELECT 1 FROM procrastinate_jobs WHERE args ->> 'share' = :share "
    "AND queue_name = :kind AND status = 'todo' LIMIT :most) waiting"
)

FETCH: Final = text(
    "SELECT * FROM procrastinate_fetch_job_v2((SELECT coalesce(array_agg(kind), '{}') FROM ("
    "SELECT unnest(CAST(:kinds AS varchar[])) AS kind "
    "UNION SELECT queue_name FROM procrastinate_jobs "
    "WHERE status = 'todo' AND cardinality(CAST(:kinds AS varchar[])) = 0"
    ") every WHERE kind NOT IN (SELECT kind FROM job_pauses)), :worker)"
)
"""Of the kinds asked for, or else of all that wait, without those that are held up."""

SIGN_FOR: Final = text(
    "UPDATE procrastinate_jobs SET args = args || jsonb_build_object('owner', CAST(:owner AS text),"
    " 'attempt', coalesce((args ->> 'attempt')::int, 0) + 1) "
    "WHERE id = :id RETURNING id, queue_name, args"
)
OWN: Final = text(
    "SELECT id FROM procrastinate_jobs WHERE id = :id AND status = 'doing' "
    "AND args ->> 'owner' = :owner AND (args ->> 'attempt')::int = :attempt FOR UPDATE"
)
PROGRESS: Final = text(
    "UPDATE procrastinate_jobs SET args = args - 'losses' WHERE id = :id AND args ? 'losses'"
)
REMEMBER: Final = text(
    "UPDATE procrastinate_jobs SET args = args || CAST(:facts AS jsonb) WHERE id = :id"
)
FINISH: Final = text(
    "SELECT procrastinate_finish_job_v1(:id, CAST(:status AS procrastinate_job_status), "
    ":status = 'succeeded')"
)
"""What was done leaves the table: the papers have their own history."""

RETRY: Final = text(
    "SELECT procrastinate_retry_job_v1(:id, now() + make_interval(secs => :seconds), "
    "NULL, NULL, NULL)"
)
MAKE_ROOM: Final = text(
    "DELETE FROM procrastinate_jobs WHERE status = 'todo' AND queueing_lock = "
    "(SELECT queueing_lock FROM procrastinate_jobs WHERE id = :id)"
)
CANCEL: Final = text(
    "DELETE FROM procrastinate_jobs WHERE lock = :lock AND status IN ('todo', 'doing') RETURNING id"
)

REGISTER: Final = text("SELECT worker_id FROM procrastinate_register_worker_v1()")
BEAT: Final = text(
    "UPDATE procrastinate_workers SET last_heartbeat = now() "
    "WHERE id = :worker AND last_heartbeat <= now() - make_interval(secs => :seconds)"
)
PRUNE: Final = text(
    "DELETE FROM procrastinate_workers WHERE last_heartbeat < now() - interval '7 days' "
    "AND NOT EXISTS (SELECT 1 FROM procrastinate_jobs WHERE worker_id = procrastinate_workers.id)"
)
HELD: Final = text(
    "SELECT id, args ->> 'owner' AS owner, coalesce((args ->> 'losses')::int, 0) AS losses "
    "FROM procrastinate_jobs WHERE status = 'doing' AND args ? 'owner' FOR UPDATE SKIP LOCKED"
)
STALLED: Final = text(
    "SELECT job.id, coalesce((job.args ->> 'losses')::int, 0) AS losses "
    "FROM procrastinate_jobs job LEFT JOIN procrastinate_workers worker "
    "ON worker.id = job.worker_id WHERE job.status = 'doing' AND (worker.id IS NULL "
    "OR worker.last_heartbeat < now() - make_interval(secs => :seconds)) "
    "FOR UPDATE OF job SKIP LOCKED"
)

COUNTS: Final = text(
    "SELECT queue_name AS kind, status::text AS status, count(*) AS number FROM procrastinate_jobs "
    "WHERE status IN ('todo', 'doing', 'failed') GROUP BY queue_name, status"
)
OLDEST: Final = text(
    "SELECT queue_name AS kind, min(coalesce(scheduled_at, deferred.at)) AS since "
    "FROM procrastinate_jobs job LEFT JOIN procrastinate_events deferred "
    "ON deferred.job_id = job.id AND deferred.type = 'deferred' "
    "WHERE status = 'todo' AND coalesce(scheduled_at, deferred.at) <= now() GROUP BY queue_name"
)
FAILURES: Final = text(
    "SELECT queue_name AS kind, args ->> 'key' AS key, args ->> 'error' AS error "
    "FROM procrastinate_jobs WHERE status = 'failed' ORDER BY id"
)
