DROP TABLE training_plan_lines;
DROP TABLE training_plans;
