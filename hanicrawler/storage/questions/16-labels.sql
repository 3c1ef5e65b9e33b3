-- title: What share of its articles are editorials, analyses, photos?
-- tells: The labels of a month's English articles, counted and in percent; NULL is plain news.
-- command: hanicrawler question labels
-- browser: /hanicrawler/labels
-- :since: 2024-06-01
-- :until: 2024-06-30

SELECT
    articles.label,
    count(*) AS articles,
    round(100.0 * count(*) / sum(count(*)) OVER (), 1) AS percent
FROM articles
WHERE articles.published_at >= datetime(:since, '-9 hours')
    AND articles.published_at < datetime(:until, '+15 hours')
    AND articles.edition = 'en'
GROUP BY articles.label
ORDER BY 2 DESC, coalesce(articles.label, '')
