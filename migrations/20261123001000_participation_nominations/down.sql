DROP TABLE nomination_half_days;
DROP TABLE nominations;
