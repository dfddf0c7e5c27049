mod accounts;
mod tokens;
