"""What computes with torch. Nothing outside of this package imports torch."""
