ALTER TABLE questionnaires DROP COLUMN introduction, DROP COLUMN title_en;
