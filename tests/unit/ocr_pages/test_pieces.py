"""Connected pieces: the quick way gives what OpenCV's own way gives."""

import cv2
import numpy as np

from ocr.pieces import pieces_of


def test_the_same_pieces_in_the_same_order() -> None:
    mask = (np.random.default_rng(5).random((301, 203)) < 0.3).astype(np.uint8) * 255
    _, wanted_labels, wanted_stats, _ = cv2.connectedComponentsWithStats(mask)
    labels, stats = pieces_of(mask)
    assert np.array_equal(labels, wanted_labels)
    assert np.array_equal(stats, wanted_stats)


def test_corners_join_and_paper_is_piece_zero() -> None:
    mask = np.zeros((4, 4), np.uint8)
    mask[1, 1] = mask[2, 2] = 1
    labels, stats = pieces_of(mask)
    assert labels[1, 1] == labels[2, 2] == 1
    assert stats[1].tolist() == [1, 1, 2, 2, 2]
    assert stats[0, cv2.CC_STAT_AREA] == 14
