"""The tool behind specialists/data/outlines.json, on drawings small enough to check by eye."""

import pytest

from tools import outlines

# Two countries of a grid of 10 units: arc 0 is their border, walked downwards; arcs 1 and 2 close the rings.
TOPOLOGY = {
    "transform": {"scale": [0.5, 0.5], "translate": [6.0, 47.0]},
    "arcs": [
        [[4, 8], [0, -4], [0, -4]],
        [[4, 0], [-4, 0], [0, 8], [4, 0]],
        [[4, 0], [6, 0], [0, 8], [-6, 0]],
    ],
    "objects": {
        "countries": {
            "geometries": [
                {"id": "276", "type": "Polygon", "arcs": [[0, 1]]},
                {"id": "040", "type": "MultiPolygon", "arcs": [[[-3, -1]]]},
            ]
        }
    },
}


def test_arcs_become_degrees() -> None:
    assert outlines.decode(TOPOLOGY)[0] == [(8.0, 51.0), (8.0, 49.0), (8.0, 47.0)]


def test_ring_walks_arcs_forwards_and_backwards() -> None:
    arcs = outlines.decode(TOPOLOGY)

    forwards, backwards = (next(outlines.arc_rings(TOPOLOGY, country)) for country in ("DE", "AT"))

    assert outlines.joined(forwards, arcs) == [(8, 51), (8, 49), (8, 47), (6, 47), (6, 51)]
    assert outlines.joined(backwards, arcs) == [(8, 51), (11, 51), (11, 47), (8, 47), (8, 49)]


def test_neighbours_share_the_simplified_border() -> None:
    drawing = outlines.draw(TOPOLOGY, ("DE", "AT"), (5.0, 45.0, 18.0, 56.0))

    assert (drawing["west"], drawing["north"], drawing["width"]) == (6.0, 51.0, 600)
    assert drawing["countries"] == {"DE": "M242 12l0 702-230 0 0-702z", "AT": "M242 12l346 0 0 702-346 0z"}
    # 4° at 576 / 5 units a degree, lengthened by 1 / cos(49°): 702.4, rounded up, and two margins.
    assert drawing["height"] == 727


def test_ring_outside_the_box_is_left_out() -> None:
    ring = [(6.0, 47.0), (8.0, 47.0), (8.0, 51.0)]

    assert outlines.lies_in(ring, (5.0, 45.0, 18.0, 56.0)) is True
    assert outlines.lies_in(ring, (7.0, 45.0, 18.0, 56.0)) is False


def test_line_keeps_only_the_corners_that_show() -> None:
    line = [(0.0, 0.0), (10.0, 0.4), (20.0, 0.0), (20.0, 10.0), (20.4, 15.0), (20.0, 20.0)]

    assert outlines.simplified(line) == [(0.0, 0.0), (20.0, 0.0), (20.0, 20.0)]


def test_closed_line_does_not_vanish() -> None:
    island = [(0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (4.5, 9.1), (0.0, 9.0), (0.0, 0.0)]

    assert outlines.simplified(island) == [(0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0), (0.0, 0.0)]


@pytest.mark.parametrize(("side", "expected"), [(2.0, ""), (3.0, "M1 1l3 0 0 3-3 0z")])
def test_specks_are_left_out(side: float, expected: str) -> None:
    square = [(1.0, 1.0), (1.0 + side, 1.0), (1.0 + side, 1.0 + side), (1.0, 1.0 + side)]

    assert outlines.path([square]) == expected
