"""What all makers of cases share."""

import numpy as np


def printed(found, *digits):
    """Fails unless the values come out to the digits printed in the model."""
    for value, text in zip(np.ravel(found), digits, strict=True):
        places = len(text.partition(".")[2])
        assert abs(value - float(text)) <= 0.5001 * 10.0 ** -places, (value, text)


def agree(found, expected, tolerance=1e-9):
    """Fails unless two ways to the same figure meet."""
    assert np.allclose(found, expected, rtol=tolerance, atol=tolerance), (found, expected)


def plain(value):
    """Python's own types, floats to 14 digits: what lies beyond differs between machines."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    return float(f"{value:.14g}") if isinstance(value, float) else value
