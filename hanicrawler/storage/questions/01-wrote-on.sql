-- title: What did it write on something in a month?
-- tells: Articles of a month with some words in headline, deck, body, captions or authors, the newest first.
-- command: hanicrawler question wrote-on
-- browser: /hanicrawler/wrote-on
-- :words: "rice mill" OR lighthouse
-- :since: 2024-06-01
-- :until: 2024-06-30

SELECT articles.published_at, articles.section, articles.headline, articles.url
FROM article_search(:words) AS found
JOIN search_index ON search_index.search_key = found.rowid
JOIN articles ON articles.id = search_index.article_id
WHERE articles.published_at >= datetime(:since, '-9 hours')
    AND articles.published_at < datetime(:until, '+15 hours')
ORDER BY found.rowid DESC
LIMIT 50
