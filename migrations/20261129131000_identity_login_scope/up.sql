-- What a login was asked for (OAuth scope, RFC 6749, section 3.3), so that its refresh tokens give no more than that.
-- Null: everything that the account's roles grant.
ALTER TABLE login_sessions ADD COLUMN scope text
    CONSTRAINT login_sessions_scope_check CHECK (length(scope) BETWEEN 1 AND 4000);
