DROP TABLE evaluation_registrations;
DROP FUNCTION evaluation_registration_refuse_change();
