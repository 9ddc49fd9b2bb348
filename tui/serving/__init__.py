"""The player in a browser, one process for each tab, for nobody but who has the address."""
