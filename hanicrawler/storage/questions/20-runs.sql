-- title: What did the last runs find?
-- tells: The newest twenty runs of the crawler: how they ended, what they stored, what went wrong.
-- command: hanicrawler status
-- browser: /hanicrawler/runs
-- :limit: 20

SELECT
    crawls.id,
    crawls.started_at,
    crawls.outcome,
    crawls.new,
    crawls.changed,
    crawls.gone,
    crawls.failed,
    crawls.problems,
    crawls.requests,
    crawls.reason
FROM crawls
ORDER BY crawls.id DESC
LIMIT :limit
