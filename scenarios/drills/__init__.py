"""Drills: questions made from steps, answers graded and explained, and met again before they are forgotten."""
