"""Read a retention table: which share of a cohort of customers is still there after each year.

A CSV file with a header and the columns segment, year (whole years since joining) and share_surviving (0 to 1); other
columns are ignored, as are blank lines and lines that start with '#'. Year 0 may be left out.
"""

from __future__ import annotations

import csv
import math
import os
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from sim.errors import InputError

type Series = tuple[tuple[int, float], ...]

DATA = Path(__file__).parent / "data"
TABLE = "organisation.customers.retention_table"
COLUMNS = ("segment", "year", "share_surviving")
LAST_YEAR = 100
FEWEST_YEARS = 3  # after year 0: two parameters and something left to judge the fit by


class _Row(NamedTuple):
    line: int
    segment: str
    year: int
    share: float


class _Fault(NamedTuple):
    line: int
    rule: str
    value: object
    advice: str


def read_retention_table(name: str) -> dict[str, Series]:
    """Read and check a retention table; one that has not changed since is not read again.

    Args:
        name: a path, or the bare name of a file in sim/data (which wins over one of that name in the current folder;
            write ./NAME for the latter).

    Returns:
        Segment -> ((0, 1.0), (year, share), ...) in order of year, segments in order of appearance.

    Raises:
        InputError: the file cannot be read, or a row breaks a rule; names file, line and rule of the first bad row and
            says how many more rows are bad.
    """
    path = _path(name).absolute()
    try:
        state = path.stat()
    except OSError:
        return dict(_read(name, path, (0, 0)))
    return dict(_read(name, path, (state.st_mtime_ns, state.st_size)))


@lru_cache(maxsize=64)
def _read(name: str, path: Path, version: tuple[int, int]) -> dict[str, Series]:
    """The table of a file that was last written at `version[0]` with so many bytes (for the cache only)."""
    cells = _cells(name)
    places = _columns(name, *cells[0])
    parsed = [_parse(line, row, len(cells[0][1]), places) for line, row in cells[1:]]
    faults = [fault for fault in parsed if isinstance(fault, _Fault)]
    segments = _by_segment(row for row in parsed if isinstance(row, _Row))
    faults += [fault for series in segments.values() for fault in _inconsistent(series)]
    _refuse(name, faults)
    _refuse(name, [fault for series in segments.values() for fault in _too_short(series)])
    return {
        segment: ((0, 1.0), *((row.year, row.share) for row in series if row.year > 0))
        for segment, series in segments.items()
    }


def _cells(name: str) -> list[tuple[int, list[str]]]:
    """Line number and cells of the header and of every row."""
    reader = csv.reader("" if line.lstrip().startswith("#") else line for line in _lines(name))
    try:
        cells = [(reader.line_num, [cell.strip() for cell in row]) for row in reader if any(map(str.strip, row))]
    except csv.Error as error:
        at = f"{name}:{reader.line_num}"
        raise InputError(at, "must be comma-separated text", str(error), "export as CSV") from None
    if len(cells) < 2:
        rule, advice = "must have a header and rows below it", f"give the columns {', '.join(COLUMNS)}"
        raise InputError(name, rule, f"{len(cells)} lines", advice)
    return cells


def _by_segment(rows: Iterable[_Row]) -> dict[str, list[_Row]]:
    """Each segment's rows in order of year."""
    segments: dict[str, list[_Row]] = {}
    for row in rows:
        segments.setdefault(row.segment, []).append(row)
    return {segment: sorted(series, key=lambda row: (row.year, row.line)) for segment, series in segments.items()}


@lru_cache(maxsize=64)
def _path(name: str) -> Path:
    """Where the file is."""
    shipped = DATA / name
    bare = bool(name) and Path(name).name == name
    return shipped if bare and shipped.is_file() else Path(os.path.expanduser(name))


def _lines(name: str) -> list[str]:
    """The lines of the file, without a byte order mark."""
    try:
        return _path(name).read_text(encoding="utf-8-sig").split("\n")
    except FileNotFoundError:
        known = ", ".join(sorted(file.name for file in DATA.glob("*.csv")))
        advice = f"give a path from here, or in an organisation's file from that file's folder, or one of {known}"
        raise InputError(TABLE, "no such file", name, advice) from None
    except OSError as error:
        raise InputError(TABLE, "cannot be read", name, error.strerror or str(error)) from None
    except UnicodeDecodeError:
        raise InputError(name, "must be UTF-8 text", "other bytes", "export as CSV, not as a spreadsheet") from None


def _columns(name: str, line: int, header: list[str]) -> tuple[int, ...]:
    """Where the three columns stand."""
    for column in COLUMNS:
        if header.count(column) != 1:
            rule = f"the header must name the column {column} once"
            advice = f"begin with the line {','.join(COLUMNS)} (commas, not semicolons or tabs)"
            raise InputError(f"{name}:{line}", rule, ",".join(header), advice)
    return tuple(header.index(column) for column in COLUMNS)


def _parse(line: int, row: list[str], width: int, at: Iterable[int]) -> _Row | _Fault:
    """One row as numbers, or what is wrong with it."""
    if len(row) != width:
        advice = "write decimals with a point, one value per column"
        return _Fault(line, f"a row must have {width} values like the header", ",".join(row), advice)
    segment, year_text, share_text = (row[i] for i in at)
    year, share = _number(year_text), _number(share_text)
    from_joining = "count whole years from joining, not calendar years"
    range_rule = "share_surviving must be between 0 and 1"
    checks = (
        (bool(segment), "segment must not be empty", segment, "name the segment"),
        (year.is_integer(), "year must be a whole number", year_text, from_joining),
        (0 <= year <= LAST_YEAR, f"year must be between 0 and {LAST_YEAR}", year_text, from_joining),
        (math.isfinite(share), "share_surviving must be a number", share_text, "write 86.9% as 0.869"),
        (share >= 0, range_rule, share_text, "a share is never negative"),
        (share <= 1, range_rule, share_text, "if these are percent, divide by 100 (86.9 becomes 0.869)"),
    )
    for good, rule, value, advice in checks:
        if not good:
            return _Fault(line, rule, value, advice)
    return _Row(line, segment, int(year), share)


def _number(text: str) -> float:
    """The number that `text` is, or NaN."""
    try:
        return float(text)
    except ValueError:
        return math.nan


def _inconsistent(series: list[_Row]) -> list[_Fault]:
    """Rows of one segment, in order of year, that contradict another one."""
    faults: list[_Fault] = []
    year, share = -1, 1.0
    for row in series:
        if row.year == year:
            advice = "keep one row per segment and year"
            faults.append(_Fault(row.line, f"segment '{row.segment}' has this year twice", row.year, advice))
        elif row.year == 0 and row.share != 1:
            faults.append(_Fault(row.line, "year 0 must have share 1", row.share, "divide every share by this one"))
        elif row.share > share:
            rule = f"share_surviving must not rise with the years, segment '{row.segment}' had {share:g} before"
            faults.append(_Fault(row.line, rule, row.share, "give shares of the cohort that joined, not yearly rates"))
        else:
            share = row.share
        year = row.year
    return faults


def _too_short(series: list[_Row]) -> list[_Fault]:
    count = sum(row.year > 0 for row in series)
    if count >= FEWEST_YEARS:
        return []
    rule = f"segment '{series[0].segment}' needs at least {FEWEST_YEARS} years after year 0"
    return [_Fault(min(row.line for row in series), rule, count, "add the missing years")]


def _refuse(name: str, faults: list[_Fault]) -> None:
    """Raise the first fault, if any, with the number of further bad rows."""
    if not faults:
        return
    first = min(faults, key=lambda fault: fault.line)
    more = len({fault.line for fault in faults}) - 1
    tail = f" ({more} more bad row{'s' if more > 1 else ''})" if more else ""
    raise InputError(f"{name}:{first.line}", first.rule, first.value, first.advice + tail)
