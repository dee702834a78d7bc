"""What a sandbox has to do, in its simplest form: some configurations, one host, one morning."""

from __future__ import annotations

from attrs import define, field

SLOTS = range(4)
TAKEN, GONE, NOT_PENDING, WRONG_SALT, EXPIRED = "taken", "gone", "not pending", "salt", "expired"


@define
class Booked:
    """A booking, as far as the model knows it."""

    configuration: str
    slot: int
    status: str

    @property
    def is_active(self) -> bool:
        """Whether it holds its slot."""
        return self.status != "cancelled"


@define
class Model:
    """Which bookings there are, by their ids, and until when the session lasts, in minutes.

    What is named after a call says what is wrong with the call, if anything is.

    Attributes:
        minutes_of_a_minute: How long a session lives that is opened for a minute.
        is_told_when_cancelled: Whether a cancelled booking can be read.
    """

    bookings: dict[str, Booked] = field(factory=dict)
    now: int = 0
    session_ends: float = 0
    minutes_of_a_minute: float = 1
    is_told_when_cancelled: bool = True

    def offered(self, without: str | None = None) -> set[int]:
        """The slots on offer; a booking does not stand in its own way."""
        active = {i: b.slot for i, b in self.bookings.items() if b.is_active}
        return set(SLOTS) - {slot for i, slot in active.items() if i != without}

    def refuses(self, configuration: str) -> str | None:
        """Whoever has no session any longer may not do anything with a private configuration."""
        private = configuration == "private"
        return EXPIRED if private and self.now >= self.session_ends else None

    def create(self, configuration: str, slot: int) -> str | None:
        """Book a slot."""
        return self.refuses(configuration) or (None if slot in self.offered() else TAKEN)

    def created(self, booking_id: str, configuration: str, slot: int) -> None:
        """It was booked, under that id."""
        status = "pending" if configuration == "confirming" else "booked"
        self.bookings[booking_id] = Booked(configuration, slot, status)

    def read(self, booking_id: str) -> str | None:
        """Read a booking."""
        refused = self.refuses(self.bookings[booking_id].configuration)
        return refused or (None if self.is_told_when_cancelled else self.cancel(booking_id))

    def reschedule(self, booking_id: str, slot: int) -> str | None:
        """Move a booking."""
        free = slot in self.offered(booking_id)
        return self.cancel(booking_id) or (None if free else TAKEN)

    def cancel(self, booking_id: str) -> str | None:
        """Cancel a booking."""
        booked = self.bookings[booking_id]
        return self.refuses(booked.configuration) or (None if booked.is_active else GONE)

    def decide(self, booking_id: str, *, right_salt: bool) -> str | None:
        """Confirm or decline a booking."""
        booked = self.bookings[booking_id]
        waits = booked.status == "pending"
        refused = self.refuses(booked.configuration) or (None if right_salt else WRONG_SALT)
        return refused or (None if waits else NOT_PENDING)
