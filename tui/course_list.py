"""Courses in lines of text: how far each was gone, and what it goes on with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from stepgrad.scenarios.catalogue import Entry
from stepgrad.scenarios.courses import Course, requires
from stepgrad.tui.seen import ended, mark


def lines(courses: Sequence[Course], parts: Mapping[str, float]) -> Iterator[str]:
    """Aligned columns: name, how many of its lessons were seen to their end, title, the lesson that comes next."""
    done = ended(parts)
    name, title = (max(len(getattr(each, key)) for each in courses) for key in ("name", "title"))
    for each in courses:
        count = f"{each.done(done)} of {len(each.lessons)}"
        following = each.next(done)
        yield f"{each.name:<{name}}  {count:>8}  {each.title:<{title}}  {f'next: {following}' if following else 'done'}"


def lesson_lines(course: Course, entries: Iterable[Entry], parts: Mapping[str, float]) -> Iterator[str]:
    """What the course is, and its lessons in their parts: how much of each was seen, and what to see before it."""
    done, titles = ended(parts), {entry.name: entry.title for entry in entries}
    name, title = max(map(len, course.lessons)), max(len(titles[lesson]) for lesson in course.lessons)
    following = course.next(done)
    yield f"{course.title}: {course.done(done)} of {len(course.lessons)} done"
    yield course.summary
    for part in course.parts:
        yield ""
        yield part.title
        for lesson in part.lessons:
            seen = mark(parts.get(lesson, 0.0), is_next=lesson == following)
            before = [] if lesson in done else [each for each in requires(lesson) if each not in done]
            first = f"first: {', '.join(before)}" if before else ""
            yield f"  {seen:>4}  {lesson:<{name}}  {titles[lesson]:<{title}}  {first}".rstrip()


def described(course: Course, parts: Mapping[str, float]) -> dict[str, Any]:
    """A course as plain data."""
    done = ended(parts)
    return {
        "name": course.name,
        "title": course.title,
        "summary": course.summary,
        "source": course.source,
        "done": course.done(done),
        "next": course.next(done),
        "parts": [
            {
                "title": each.title,
                "lessons": [
                    {"name": lesson, "seen": round(parts.get(lesson, 0.0), 3), "requires": requires(lesson)}
                    for lesson in each.lessons
                ],
            }
            for each in course.parts
        ],
    }
