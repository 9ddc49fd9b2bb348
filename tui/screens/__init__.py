"""The screens: the player, its keys, the catalogue."""
