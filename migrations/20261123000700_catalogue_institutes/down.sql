DROP TABLE course_audiences;
DROP TABLE course_competencies;
DROP TABLE courses;
DROP TABLE lecturers;
DROP TABLE institutes;
