-- What still waits is sealed, and only the service could open it: wait for the windows to be over first.
DROP TABLE waiting_responses;
