"""The widgets: the stage that shows a page, and the field for an address."""
