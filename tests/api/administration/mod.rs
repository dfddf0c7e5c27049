mod erasure;
mod field_level;
mod identity;
mod logs;
mod personal_data;
mod retention;
