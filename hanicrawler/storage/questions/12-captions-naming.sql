-- title: Which captions name somebody?
-- tells: The pictures of a month whose captions have a name in them, in any case of its letters, the newest first.
-- command: hanicrawler question captions-naming
-- browser: /hanicrawler/captions-naming
-- :name: Kim
-- :since: 2024-06-01
-- :until: 2024-06-30

SELECT articles.published_at, images.caption, images.credit, articles.headline, articles.url
FROM articles
JOIN images ON images.article_id = articles.id
WHERE articles.published_at >= datetime(:since, '-9 hours')
    AND articles.published_at < datetime(:until, '+15 hours')
    AND lower(images.caption) LIKE '%' || lower(:name) || '%'
ORDER BY articles.published_at DESC, articles.id, images.position
LIMIT 50
