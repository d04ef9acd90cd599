"""Two questions about the size of the business."""
