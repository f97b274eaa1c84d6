"""Working days (ngày làm việc): the calendar on which every term in working days is counted."""
