"""The terminal: the player, flat text and the command line. It owns no arithmetic."""
