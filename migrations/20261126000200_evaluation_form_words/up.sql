-- What respondents are told before the first item, {"vi": ..., "en": ...}: what the form is for, who learns what, when a
-- form is invalid (Circular 10/2017/TT-BNV). And the title in English.
ALTER TABLE questionnaires ADD COLUMN title_en text, ADD COLUMN introduction jsonb;
