DROP TABLE sessions;
DROP TABLE offerings;
