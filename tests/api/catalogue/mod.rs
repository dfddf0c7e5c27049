mod courses;
mod institutes;
mod lecturers;
