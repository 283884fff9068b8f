"""Memory of this process, bytes; NaN where the system does not say."""

from __future__ import annotations

from pathlib import Path

STATUS, PEAKS = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def resident() -> float:
    """Memory in use now."""
    return _status("VmRSS")


def peak() -> float:
    """Most memory in use since `forget_peak`."""
    return _status("VmHWM")


def forget_peak() -> None:
    """Start to look for the peak anew."""
    if STATUS.exists():
        PEAKS.write_text("5")


def _status(name: str) -> float:
    if not STATUS.exists():
        return float("nan")
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith(f"{name}:"))
    return float(line.split()[1]) * 1024
