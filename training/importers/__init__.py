"""Lists that fill records of this room: the attendance of an activity, declared figures."""
