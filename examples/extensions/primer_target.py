from docwitness.targets.embedded import Embedded


class Primer(Embedded):
    """Our own server, behaving as the v2 API primer says."""

    def __init__(self):
        super().__init__("primer")
