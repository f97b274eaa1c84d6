"""Documents (văn bản đã ban hành): numbers by series and year, and each issued paper kept as it was (399-QĐ/TW, 05-HD/VPTW)."""
