-- title: What was viewed most last week, and how long did it stand?
-- tells: Every story of the rankings, its best place and for how many hours it stood in them; a ranking that still stands counts once it is replaced.
-- command: hanicrawler question most-viewed
-- browser: /hanicrawler/most-viewed
-- :ago: -7 days

SELECT
    max(headline) AS headline,
    min(position) AS best,
    CAST(round(sum((julianday(coalesce(replaced_at, seen_at)) - julianday(seen_at)) * 24)) AS integer)
        AS hours,
    url
FROM ranking_history
WHERE edition = 'en' AND seen_at >= datetime('now', :ago)
GROUP BY url
ORDER BY hours DESC, best, url
LIMIT 20
