DROP TABLE seat_draw_entries;
DROP TABLE seat_draws;
