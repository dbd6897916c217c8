"""Real faults, with the real thing: killed processes, a full disk, a clock that jumps, what is beside the site gone."""
