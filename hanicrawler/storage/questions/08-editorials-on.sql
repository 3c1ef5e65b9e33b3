-- title: What did its editorials of a year say about something?
-- tells: Editorials of a year with some words in them, the newest first.
-- command: hanicrawler question editorials-on
-- browser: /hanicrawler/editorials-on
-- :words: lighthouse
-- :since: 2024-01-01
-- :until: 2024-12-31

SELECT articles.published_at, articles.headline, articles.deck, articles.url
FROM article_search(:words) AS found
JOIN search_index ON search_index.search_key = found.rowid
JOIN articles ON articles.id = search_index.article_id
WHERE articles.section = 'english_editorials'
    AND articles.published_at >= datetime(:since, '-9 hours')
    AND articles.published_at < datetime(:until, '+15 hours')
ORDER BY found.rowid DESC
LIMIT 50
