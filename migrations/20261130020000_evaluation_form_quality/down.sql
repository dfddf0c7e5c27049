DROP TABLE form_quarters;
DROP TABLE form_rollups;
