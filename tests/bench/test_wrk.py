"""What is read of wrk's output."""

from __future__ import annotations

import pytest

from bench import wrk
from bench.wrk import Run

SAID = """Running 3s test @ http://127.0.0.1:8000/en/
  1 threads and 32 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     2.12ms    1.63ms   4.40ms   75.00%
  9210 requests in 3.01s, 140.78MB read
  Non-2xx or 3xx responses: 17
Requests/sec:   3059.80
counted: 9210 3010021 147618523 17 2
"""


def test_what_failed_is_counted_apart() -> None:
    run = wrk.read(SAID)
    assert run == Run(answers=9210, seconds=3.010021, bytes=147618523, refused=17, lost=2)
    assert run.failed == 19


def test_an_output_without_numbers_is_no_result() -> None:
    with pytest.raises(ValueError, match="did not say"):
        wrk.read("unable to connect to 127.0.0.1:8000 Connection refused")
