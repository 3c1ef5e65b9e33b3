-- title: How often did a phrase stand in it, month by month?
-- tells: Months of the Korean calendar, with how many English articles had the phrase.
-- command: hanicrawler question phrase-by-month
-- browser: /hanicrawler/phrase-by-month
-- :words: "night school"
-- :since: 2024-01-01
-- :until: 2024-12-31

SELECT substr(article_list.day, 1, 7) AS month, count(*) AS articles
FROM article_search(:words) AS found
JOIN search_index ON search_index.search_key = found.rowid
JOIN article_list ON article_list.id = search_index.article_id
WHERE article_list.edition = 'en'
    AND article_list.published_at >= datetime(:since, '-9 hours')
    AND article_list.published_at < datetime(:until, '+15 hours')
GROUP BY substr(article_list.day, 1, 7)
ORDER BY 1
