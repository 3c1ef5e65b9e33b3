-- title: How many articles were there each day, in which sections?
-- tells: The English articles of a month, counted by day in Korea and section.
-- command: hanicrawler trends --counts --by day --since 2024-06-01 --until 2024-06-30
-- browser: /hanicrawler/day-by-day
-- :since: 2024-06-01
-- :until: 2024-06-30

SELECT day, section, count(*) AS articles
FROM article_list
WHERE edition = 'en'
    AND published_at >= datetime(:since, '-9 hours')
    AND published_at < datetime(:until, '+15 hours')
GROUP BY day, section
ORDER BY day, section
