"""A talk before people: the player with less on it and larger, and the speaker's notes in a second terminal."""
