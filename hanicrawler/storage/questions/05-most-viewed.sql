-- title: What was viewed most last week, and how long did it stand?
-- tells: Every story of the English rankings, its best place and for how many hours it stood in them; the ranking that still stands counts once it is replaced.
-- command: hanicrawler question most-viewed
-- browser: /hanicrawler/most-viewed
-- :ago: -7 days

WITH rankings(seen_at, hours) AS (
    SELECT seen_at, (julianday(lead(seen_at) OVER (ORDER BY seen_at)) - julianday(seen_at)) * 24
    FROM most_viewed
    WHERE edition = 'en' AND position = 1 AND seen_at >= datetime('now', :ago)
)
SELECT
    max(coalesce(articles.headline, most_viewed.headline)) AS headline,
    min(most_viewed.position) AS best,
    CAST(round(coalesce(sum(rankings.hours), 0)) AS integer) AS hours,
    most_viewed.url
FROM rankings
JOIN most_viewed ON most_viewed.edition = 'en' AND most_viewed.seen_at = rankings.seen_at
LEFT JOIN articles ON articles.edition = 'en' AND articles.source_id = most_viewed.source_id
GROUP BY most_viewed.url
ORDER BY 3 DESC, 2, most_viewed.url
LIMIT 20
