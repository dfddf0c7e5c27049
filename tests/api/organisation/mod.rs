mod competencies;
mod employee_competencies;
mod employees;
mod employees_batch;
mod gaps;
mod positions;
mod requirements;
mod units;
