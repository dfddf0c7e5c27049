mod courses;
mod institutes;
mod lecturers;
mod offerings;
