"""Makes the line recogniser's weights from rendered lines; needs torch, the product never does."""
