-- title: Which articles were edited in silence, and what changed in the headline?
-- tells: Texts that changed while the site's own time of change stood still, the latest first; headline_was is NULL where the headline stayed, grown counts the characters of the body.
-- command: hanicrawler edits --silent
-- browser: /hanicrawler/silent-edits
-- :ago: -30 days

SELECT
    edits.seen_at,
    CASE WHEN edits.headline_before <> edits.headline THEN edits.headline_before END
        AS headline_was,
    edits.headline,
    length(edits.body) - length(edits.body_before) AS grown,
    edits.url
FROM edits
WHERE edits.silent = true AND edits.seen_at >= datetime('now', :ago)
ORDER BY edits.seen_at DESC, edits.article_id
LIMIT 50
