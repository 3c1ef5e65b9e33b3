-- title: Which of the most viewed stories are new since yesterday?
-- tells: The stories of the newest ranking that did not stand in the one of a day ago.
-- command: hanicrawler trends --ranking
-- browser: /hanicrawler/new-in-ranking
-- :ago: -1 day

SELECT newest.position, newest.headline, newest.published_at, newest.url
FROM ranking_history AS newest
WHERE newest.edition = 'en'
    AND newest.seen_at = (SELECT max(seen_at) FROM most_viewed WHERE edition = 'en')
    AND NOT EXISTS (
        SELECT 1
        FROM most_viewed AS earlier
        WHERE earlier.edition = 'en'
            AND earlier.url = newest.url
            AND earlier.seen_at = (
                SELECT max(seen_at)
                FROM most_viewed
                WHERE edition = 'en' AND seen_at <= datetime('now', :ago)
            )
    )
ORDER BY newest.position
