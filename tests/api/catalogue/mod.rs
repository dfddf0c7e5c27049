mod courses;
mod institutes;
mod lecturers;
mod offerings;
mod offerings_search;
