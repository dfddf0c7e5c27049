mod accounts;
mod clients;
mod delegations;
mod keys;
mod login_sessions;
mod passwords;
mod tokens;
