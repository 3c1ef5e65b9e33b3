-- title: Who covers North Korea, and from where?
-- tells: Everybody who signed in a section in a month, where the byline says they were, and how much they wrote.
-- command: hanicrawler authors --section e_northkorea --since 2024-06-01 --until 2024-06-30
-- browser: /hanicrawler/who-covers
-- :section: e_northkorea
-- :since: 2024-06-01
-- :until: 2024-06-30

SELECT authors.name AS author, bylines.place, count(*) AS written
FROM articles
JOIN bylines ON bylines.article_id = articles.id
JOIN authors ON authors.id = bylines.author_id
WHERE articles.section = :section
    AND articles.published_at >= datetime(:since, '-9 hours')
    AND articles.published_at < datetime(:until, '+15 hours')
GROUP BY authors.id, authors.name, bylines.place
ORDER BY written DESC, author, coalesce(bylines.place, '')
LIMIT 50
