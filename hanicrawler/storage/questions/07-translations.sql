-- title: Which English articles are translations, and how long after the original?
-- tells: The articles of a month whose Korean original is stored too, both headlines and the hours between the two.
-- command: hanicrawler translations --stored --since 2024-06-01 --until 2024-06-30
-- browser: /hanicrawler/translations
-- :since: 2024-06-01
-- :until: 2024-06-30

SELECT
    english_published_at,
    CAST(round((julianday(english_published_at) - julianday(korean_published_at)) * 24) AS integer)
        AS hours_later,
    english_headline,
    korean_headline,
    english_url,
    korean_url
FROM translations
WHERE korean_id IS NOT NULL
    AND english_published_at >= datetime(:since, '-9 hours')
    AND english_published_at < datetime(:until, '+15 hours')
ORDER BY english_published_at DESC, english_id
LIMIT 50
