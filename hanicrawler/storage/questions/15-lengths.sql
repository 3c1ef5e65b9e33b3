-- title: How long are its articles, year by year?
-- tells: Articles of a section from 10 to 16 June of each year: how many, and the characters of their bodies, on average and at most.
-- command: hanicrawler question lengths
-- browser: /hanicrawler/lengths
-- :section: english_editorials
-- :first_year: 2015
-- :last_year: 2024

WITH RECURSIVE years(year) AS (
    SELECT CAST(:first_year AS integer)
    UNION ALL
    SELECT year + 1 FROM years WHERE year < CAST(:last_year AS integer)
)
SELECT
    years.year,
    (
        SELECT count(*)
        FROM articles
        WHERE articles.section = :section
            AND articles.published_at >= datetime(years.year || '-06-10', '-9 hours')
            AND articles.published_at < datetime(years.year || '-06-16', '+15 hours')
    ) AS articles,
    (
        SELECT sum(length(articles.body)) / count(*)
        FROM articles
        WHERE articles.section = :section
            AND articles.published_at >= datetime(years.year || '-06-10', '-9 hours')
            AND articles.published_at < datetime(years.year || '-06-16', '+15 hours')
    ) AS average,
    (
        SELECT max(length(articles.body))
        FROM articles
        WHERE articles.section = :section
            AND articles.published_at >= datetime(years.year || '-06-10', '-9 hours')
            AND articles.published_at < datetime(years.year || '-06-16', '+15 hours')
    ) AS longest
FROM years
ORDER BY years.year
