-- title: Whose pictures did it print?
-- tells: The pictures of a month by who made or provided them: how many of KCNA, how many of Yonhap; NULL where none is named.
-- command: hanicrawler question picture-credits
-- browser: /hanicrawler/picture-credits
-- :since: 2024-06-01
-- :until: 2024-06-30

SELECT images.credit, count(*) AS pictures, count(DISTINCT articles.id) AS articles
FROM articles
JOIN images ON images.article_id = articles.id
WHERE articles.published_at >= datetime(:since, '-9 hours')
    AND articles.published_at < datetime(:until, '+15 hours')
GROUP BY images.credit
ORDER BY pictures DESC, coalesce(images.credit, '')
LIMIT 50
