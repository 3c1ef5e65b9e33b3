-- title: Which articles went away?
-- tells: Articles that the site once had and now says are gone (404, 410), with the words they had, the latest first.
-- command: hanicrawler question gone
-- browser: /hanicrawler/gone
-- :ago: -1 year

SELECT gone_at, published_at, section, headline, authors, url
FROM article_list
WHERE gone_at >= datetime('now', :ago)
ORDER BY gone_at DESC, id
LIMIT 50
